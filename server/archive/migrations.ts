import type { CompiledQuery, Kysely, RawBuilder } from "kysely";
import { GridError } from "../../protocol/grid-error.ts";
import { addHeldOutputs } from "./migrations/add-held-outputs.ts";
import { addAccounts } from "./migrations/add-accounts.ts";
import { addJobAsks } from "./migrations/add-job-asks.ts";
import { addKeeping } from "./migrations/add-keeping.ts";
import { createTables } from "./migrations/create-tables.ts";
import type { Records } from "./records/records.ts";
import type { Tables } from "./tables.ts";

/** Where the databases differ in how a table is declared. */
export interface TableDialect {
  readonly bytesType: RawBuilder<unknown>;
  readonly autoIncrementType: RawBuilder<unknown>;
  /** What ends the declaration of a table of small rows that is read by its primary key alone. */
  readonly compactTable: RawBuilder<unknown>;
}

export type Migration = (database: Kysely<Tables>, dialect: TableDialect) => readonly CompiledQuery[];

/** In order; the version of a schema is how many of them it has seen. One that was released is never changed. */
export const MIGRATIONS: readonly Migration[] = [createTables, addJobAsks, addHeldOutputs, addAccounts, addKeeping];

/**
 * Brings the schema to this program's version, each migration in one commit with its number.
 * Throws GridError "conflict" for a schema of a newer program.
 */
export async function migrate(records: Records, dialect: TableDialect, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  const { database } = records;
  await records.write([
    database.schema.createTable("schema_version").ifNotExists().addColumn("version", "integer", (column) => column.notNull()).compile(),
  ]);
  const row = await database.selectFrom("schema_version").select("version").executeTakeFirst();
  const version = row?.version ?? 0;
  if (version > migrations.length) {
    throw new GridError(
      "conflict",
      `it was written by a newer version (schema ${version}, this program knows ${migrations.length}). Start the newer program.`,
    );
  }
  for (const [i, migration] of migrations.entries()) {
    if (i < version) continue;
    await records.write([
      ...migration(database, dialect),
      database.deleteFrom("schema_version").compile(),
      database.insertInto("schema_version").values({ version: i + 1 }).compile(),
    ]);
  }
}
