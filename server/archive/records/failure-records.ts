import { sql } from "kysely";
import { GridError } from "../../../protocol/grid-error.ts";
import type { FailureGroup } from "../../../protocol/http/job.ts";
import type { JobId } from "../../../protocol/ids.ts";
import type { IndexRange } from "../../../protocol/index-range.ts";
import type { RecordedFailure } from "../archive.ts";
import type { Records } from "./records.ts";

/** Throws GridError "not-found". */
export async function forgetFailures(records: Records, jobId: JobId): Promise<void> {
  const { database } = records;
  const changed = await records.write([
    sql`update jobs set stored_bytes = stored_bytes - coalesce((select sum(length(message) + length(stack)) from failures where job_id = ${jobId}), 0) where job_id = ${jobId}`.compile(database),
    database.deleteFrom("failures").where("job_id", "=", jobId).compile(),
    database.deleteFrom("failure_groups").where("job_id", "=", jobId).compile(),
    database.updateTable("jobs").set({ failed: 0 }).where("job_id", "=", jobId).compile(),
  ]);
  if (changed === 0) throw new GridError("not-found", `Cannot forget the failures of job ${jobId}: there is no such job`);
}

export async function listFailures(
  { database }: Records, jobId: JobId, [from, to]: IndexRange, limit: number,
): Promise<readonly RecordedFailure[]> {
  const rows = await database
    .selectFrom("failures")
    .selectAll()
    .where("job_id", "=", jobId)
    .where("task_index", ">=", from)
    .where("task_index", "<", to)
    .orderBy("task_index")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    jobId, index: row.task_index, message: row.message, stack: row.stack, attempts: row.attempts, atMs: row.at_ms,
  }));
}

/** The largest first. */
export async function listFailureGroups({ database }: Records, jobId: JobId, limit: number): Promise<readonly FailureGroup[]> {
  return database
    .selectFrom("failure_groups")
    .select(["message", "stack", "count", "first_index as firstIndex"])
    .where("job_id", "=", jobId)
    .orderBy("count", "desc")
    .orderBy("first_index")
    .limit(limit)
    .execute();
}
