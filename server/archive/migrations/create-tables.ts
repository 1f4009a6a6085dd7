import type { CompiledQuery, Kysely } from "kysely";
import type { TableDialect } from "../migrations.ts";
import type { Tables } from "../tables.ts";

/** Schema 1. */
export function createTables(database: Kysely<Tables>, dialect: TableDialect): readonly CompiledQuery[] {
  return [
    ...jobTables(database, dialect),
    ...chunkTable(database, dialect, "inputs"),
    ...chunkTable(database, dialect, "results"),
    ...failureTables(database, dialect),
    ...otherTables(database, dialect),
  ];
}

function jobTables({ schema }: Kysely<Tables>, dialect: TableDialect): readonly CompiledQuery[] {
  return [
    schema
      .createTable("jobs")
      .addColumn("job_id", "text", (column) => column.primaryKey().notNull())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("owner", "text", (column) => column.notNull())
      .addColumn("search", "text", (column) => column.notNull())
      .addColumn("state", "text", (column) => column.notNull())
      .addColumn("public", "integer", (column) => column.notNull())
      .addColumn("created_at_ms", "bigint", (column) => column.notNull())
      .addColumn("started_at_ms", "bigint")
      .addColumn("ended_at_ms", "bigint")
      .addColumn("tasks", "bigint", (column) => column.notNull())
      .addColumn("done", "bigint", (column) => column.notNull())
      .addColumn("failed", "bigint", (column) => column.notNull())
      .addColumn("priority", "integer", (column) => column.notNull())
      .addColumn("max_attempts", "integer", (column) => column.notNull())
      .addColumn("task_timeout_ms", "bigint", (column) => column.notNull())
      .addColumn("executable_id", "text", (column) => column.notNull())
      .addColumn("notify_email", "text")
      .addColumn("inputs_json", "text", (column) => column.notNull())
      .addColumn("tags_json", "text", (column) => column.notNull())
      // What can be large comes last, so that a search over the other columns does not read it.
      .addColumn("view_json", "text")
      .addColumn("args_json", "text")
      .compile(),
    schema.createIndex("jobs_newest").on("jobs").columns(["created_at_ms", "job_id"]).compile(),
    schema.createIndex("jobs_of_owner").on("jobs").columns(["owner", "created_at_ms", "job_id"]).compile(),
    schema.createIndex("jobs_in_state").on("jobs").columns(["state", "created_at_ms", "job_id"]).compile(),
    schema.createTable("staged_jobs").addColumn("job_id", "text", (column) => column.primaryKey().notNull()).compile(),
    schema
      .createTable("job_tags")
      .addColumn("tag", "text", (column) => column.notNull())
      .addColumn("job_id", "text", (column) => column.notNull())
      .addColumn("public", "integer", (column) => column.notNull())
      .addPrimaryKeyConstraint("job_tags_key", ["tag", "job_id"])
      .modifyEnd(dialect.compactTable)
      .compile(),
    schema
      .createTable("idempotency_keys")
      .addColumn("owner", "text", (column) => column.notNull())
      .addColumn("idempotency_key", "text", (column) => column.notNull())
      .addColumn("job_id", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("idempotency_keys_key", ["owner", "idempotency_key"])
      .modifyEnd(dialect.compactTable)
      .compile(),
  ];
}

/** The index covers what taking a job up again and refusing a second result read, so neither touches a payload. */
function chunkTable({ schema }: Kysely<Tables>, dialect: TableDialect, name: "inputs" | "results"): readonly CompiledQuery[] {
  return [
    schema
      .createTable(name)
      .addColumn("job_id", "text", (column) => column.notNull())
      .addColumn("from_index", "bigint", (column) => column.notNull())
      .addColumn("to_index", "bigint", (column) => column.notNull())
      .addColumn("packed", dialect.bytesType, (column) => column.notNull())
      .addColumn("large_json", "text")
      .compile(),
    schema.createIndex(`${name}_by_range`).unique().on(name).columns(["job_id", "from_index", "to_index"]).compile(),
  ];
}

function failureTables({ schema }: Kysely<Tables>, dialect: TableDialect): readonly CompiledQuery[] {
  return [
    schema
      .createTable("failures")
      .addColumn("job_id", "text", (column) => column.notNull())
      .addColumn("task_index", "bigint", (column) => column.notNull())
      .addColumn("message", "text", (column) => column.notNull())
      .addColumn("stack", "text", (column) => column.notNull())
      .addColumn("attempts", "integer", (column) => column.notNull())
      .addColumn("at_ms", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("failures_key", ["job_id", "task_index"])
      .modifyEnd(dialect.compactTable)
      .compile(),
    schema
      .createTable("failure_groups")
      .addColumn("job_id", "text", (column) => column.notNull())
      .addColumn("message", "text", (column) => column.notNull())
      .addColumn("stack", "text", (column) => column.notNull())
      .addColumn("count", "bigint", (column) => column.notNull())
      .addColumn("first_index", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("failure_groups_key", ["job_id", "message"])
      .compile(),
    schema.createIndex("failure_groups_largest").on("failure_groups").columns(["job_id", "count desc", "first_index"]).compile(),
  ];
}

function otherTables({ schema }: Kysely<Tables>, dialect: TableDialect): readonly CompiledQuery[] {
  return [
    schema
      .createTable("executables")
      .addColumn("executable_id", "text", (column) => column.primaryKey().notNull())
      .addColumn("owner", "text", (column) => column.notNull())
      .addColumn("bytes", "bigint", (column) => column.notNull())
      .addColumn("created_at_ms", "bigint", (column) => column.notNull())
      .compile(),
    schema
      .createTable("outbox")
      .addColumn("entry_id", dialect.autoIncrementType)
      .addColumn("job_id", "text", (column) => column.notNull())
      .addColumn("email", "text", (column) => column.notNull())
      .addColumn("attempts", "integer", (column) => column.notNull())
      .addColumn("next_attempt_at_ms", "bigint")
      .addColumn("error", "text")
      .compile(),
    schema.createIndex("outbox_due").on("outbox").columns(["next_attempt_at_ms"]).compile(),
    schema
      .createTable("compute_servers")
      .addColumn("compute_server_id", "text", (column) => column.primaryKey().notNull())
      .addColumn("token_hash", "text", (column) => column.notNull())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("registered_at_ms", "bigint", (column) => column.notNull())
      .compile(),
  ];
}
