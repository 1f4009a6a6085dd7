import { sql, type CompiledQuery, type Kysely } from "kysely";
import type { TableDialect } from "../migrations.ts";
import type { Tables } from "../tables.ts";

/** What a job takes on disk, how long it is kept, what is being removed, and who uses which large value. */
export function addKeeping(database: Kysely<Tables>, dialect: TableDialect): readonly CompiledQuery[] {
  const { schema } = database;
  return [
    schema.alterTable("jobs").addColumn("stored_bytes", "bigint", (column) => column.notNull().defaultTo(0)).compile(),
    schema.alterTable("jobs").addColumn("keep_days", "integer").compile(),
    schema.alterTable("jobs").addColumn("kept_from_ms", "bigint").compile(),
    schema.alterTable("jobs").addColumn("warned_at_ms", "bigint").compile(),
    schema.createIndex("jobs_of_owner_in_state").on("jobs").columns(["owner", "state"]).compile(),
    schema.createIndex("jobs_ended").on("jobs").columns(["ended_at_ms"]).compile(),
    schema.createIndex("job_tags_of_job").on("job_tags").columns(["job_id"]).compile(),
    schema.createIndex("idempotency_keys_of_job").on("idempotency_keys").columns(["job_id"]).compile(),
    schema.alterTable("outbox").addColumn("kind", "text", (column) => column.notNull().defaultTo("ended")).compile(),
    schema.createTable("removed_jobs").addColumn("job_id", "text", (column) => column.primaryKey().notNull()).compile(),
    schema
      .createTable("blob_uses")
      .addColumn("job_id", "text", (column) => column.notNull())
      .addColumn("blob_id", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("blob_uses_key", ["job_id", "blob_id"])
      .modifyEnd(dialect.compactTable)
      .compile(),
    schema.createIndex("blob_uses_of_blob").on("blob_uses").columns(["blob_id"]).compile(),
    // Of jobs that are there already: their large values, whose sizes are not summed up any more.
    ...(["inputs", "results"] as const).map((table) => sql`
      insert or ignore into blob_uses (job_id, blob_id)
      select job_id, json_extract(value, '$.blobId') from ${sql.table(table)}, json_each(large_json) where large_json is not null`.compile(database)),
    sql`update jobs set stored_bytes =
      coalesce((select sum(length(packed)) from inputs where inputs.job_id = jobs.job_id), 0)
      + coalesce((select sum(length(packed)) from results where results.job_id = jobs.job_id), 0)`.compile(database),
  ];
}
