import type { CompiledQuery, Kysely } from "kysely";
import type { TableDialect } from "../migrations.ts";
import type { Tables } from "../tables.ts";

/** Schema 3: outputs that wait to be accepted, and what verification came to. */
export function addHeldOutputs({ schema }: Kysely<Tables>, dialect: TableDialect): readonly CompiledQuery[] {
  return [
    schema
      .createTable("held")
      .addColumn("held_id", dialect.autoIncrementType)
      .addColumn("job_id", "text", (column) => column.notNull())
      .addColumn("from_index", "bigint", (column) => column.notNull())
      .addColumn("to_index", "bigint", (column) => column.notNull())
      .addColumn("compute_server_id", "text", (column) => column.notNull())
      .addColumn("volunteer", "text", (column) => column.notNull())
      .addColumn("network", "text", (column) => column.notNull())
      .addColumn("answers", dialect.bytesType, (column) => column.notNull())
      .addColumn("packed", dialect.bytesType, (column) => column.notNull())
      .addColumn("large_json", "text")
      .compile(),
    schema.createIndex("held_by_range").on("held").columns(["job_id", "from_index"]).compile(),
    schema
      .createTable("caught_servers")
      .addColumn("job_id", "text", (column) => column.notNull())
      .addColumn("compute_server_id", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("caught_servers_key", ["job_id", "compute_server_id"])
      .modifyEnd(dialect.compactTable)
      .compile(),
    schema.alterTable("jobs").addColumn("runs", "bigint", (column) => column.notNull().defaultTo(0)).compile(),
    schema.alterTable("jobs").addColumn("caught_servers", "integer", (column) => column.notNull().defaultTo(0)).compile(),
  ];
}
