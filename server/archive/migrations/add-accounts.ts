import type { CompiledQuery, Kysely } from "kysely";
import type { TableDialect } from "../migrations.ts";
import type { Tables } from "../tables.ts";

/** Schema 4: accounts, with what they sign in by; who may see a job; who stored an Executable and a blob. */
export function addAccounts(database: Kysely<Tables>, dialect: TableDialect): readonly CompiledQuery[] {
  return [...accountTables(database), ...credentialTables(database), ...operationTables(database, dialect), ...ownershipTables(database, dialect)];
}

function accountTables({ schema }: Kysely<Tables>): readonly CompiledQuery[] {
  return [
    schema
      .createTable("accounts")
      .addColumn("account_id", "text", (column) => column.primaryKey().notNull())
      .addColumn("name", "text", (column) => column.notNull().unique())
      .addColumn("role", "text", (column) => column.notNull())
      .addColumn("email", "text")
      .addColumn("password_hash", "text")
      .addColumn("subject", "text", (column) => column.unique())
      .addColumn("invited", "integer", (column) => column.notNull())
      .addColumn("vouched", "integer", (column) => column.notNull())
      .addColumn("disabled", "integer", (column) => column.notNull())
      .addColumn("created_at_ms", "bigint", (column) => column.notNull())
      .addColumn("last_sign_in_at_ms", "bigint")
      .addColumn("tasks_completed", "bigint", (column) => column.notNull())
      .addColumn("tasks_failed", "bigint", (column) => column.notNull())
      .addColumn("total_time_ms", "double precision", (column) => column.notNull())
      .compile(),
    schema.createIndex("accounts_of_role").on("accounts").columns(["role", "disabled"]).compile(),
  ];
}

function credentialTables({ schema }: Kysely<Tables>): readonly CompiledQuery[] {
  return [
    schema
      .createTable("sessions")
      .addColumn("session_hash", "text", (column) => column.primaryKey().notNull())
      .addColumn("session_id", "text", (column) => column.notNull())
      .addColumn("account_id", "text", (column) => column.notNull())
      .addColumn("created_at_ms", "bigint", (column) => column.notNull())
      .addColumn("seen_at_ms", "bigint", (column) => column.notNull())
      .addColumn("address", "text", (column) => column.notNull())
      .addColumn("user_agent", "text", (column) => column.notNull())
      .compile(),
    schema.createIndex("sessions_of_account").on("sessions").columns(["account_id", "created_at_ms"]).compile(),
    schema
      .createTable("tokens")
      .addColumn("token_hash", "text", (column) => column.primaryKey().notNull())
      .addColumn("token_id", "text", (column) => column.notNull())
      .addColumn("account_id", "text", (column) => column.notNull())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("scopes", "text", (column) => column.notNull())
      .addColumn("created_at_ms", "bigint", (column) => column.notNull())
      .addColumn("expires_at_ms", "bigint")
      .addColumn("used_at_ms", "bigint")
      .compile(),
    schema.createIndex("tokens_of_account").on("tokens").columns(["account_id", "created_at_ms"]).compile(),
    schema
      .createTable("invitations")
      .addColumn("code_hash", "text", (column) => column.primaryKey().notNull())
      .addColumn("invitation_id", "text", (column) => column.notNull())
      .addColumn("role", "text", (column) => column.notNull())
      .addColumn("uses_left", "integer", (column) => column.notNull())
      .addColumn("expires_at_ms", "bigint", (column) => column.notNull())
      .addColumn("note", "text", (column) => column.notNull())
      .addColumn("created_by", "text")
      .addColumn("created_at_ms", "bigint", (column) => column.notNull())
      .addColumn("for_account_id", "text")
      .compile(),
  ];
}

function operationTables({ schema }: Kysely<Tables>, { autoIncrementType, compactTable }: TableDialect): readonly CompiledQuery[] {
  return [
    schema
      .createTable("audit")
      .addColumn("entry_id", autoIncrementType)
      .addColumn("at_ms", "bigint", (column) => column.notNull())
      .addColumn("action", "text", (column) => column.notNull())
      .addColumn("account", "text")
      .addColumn("via", "text", (column) => column.notNull())
      .addColumn("address", "text", (column) => column.notNull())
      .addColumn("target", "text", (column) => column.notNull())
      .addColumn("detail", "text", (column) => column.notNull())
      .compile(),
    schema
      .createTable("settings")
      .addColumn("name", "text", (column) => column.primaryKey().notNull())
      .addColumn("value_json", "text", (column) => column.notNull())
      .modifyEnd(compactTable)
      .compile(),
  ];
}

function ownershipTables(database: Kysely<Tables>, { compactTable }: TableDialect): readonly CompiledQuery[] {
  const { schema } = database;
  return [
    schema.alterTable("jobs").addColumn("share_key", "text").compile(),
    schema.createIndex("jobs_of_executable").on("jobs").columns(["executable_id", "public", "share_key"]).compile(),
    schema.alterTable("compute_servers").addColumn("account_id", "text").compile(),
    schema
      .createTable("executable_owners")
      .addColumn("executable_id", "text", (column) => column.notNull())
      .addColumn("owner", "text", (column) => column.notNull())
      .addColumn("created_at_ms", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("executable_owners_key", ["executable_id", "owner"])
      .modifyEnd(compactTable)
      .compile(),
    database
      .insertInto("executable_owners")
      .columns(["executable_id", "owner", "created_at_ms"])
      .expression((build) => build.selectFrom("executables").select(["executable_id", "owner", "created_at_ms"]))
      .compile(),
    schema
      .createTable("uploads")
      .addColumn("compute_server_id", "text", (column) => column.notNull())
      .addColumn("blob_id", "text", (column) => column.notNull())
      .addColumn("at_ms", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("uploads_key", ["compute_server_id", "blob_id"])
      .modifyEnd(compactTable)
      .compile(),
    schema.createIndex("uploads_by_time").on("uploads").columns(["at_ms"]).compile(),
  ];
}
