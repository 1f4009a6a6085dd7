import { sql } from "kysely";
import { ENDED_STATES } from "../../../protocol/http/job.ts";
import { jobIdSchema, executableIdSchema, type ExecutableId, type JobId, type Owner } from "../../../protocol/ids.ts";
import { GridError } from "../../../protocol/grid-error.ts";
import type { KeepingRule, OwnerUse } from "../archive.ts";
import type { Records } from "./records.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const UNFINISHED = ["queued", "running", "paused"] as const;

/** Jobs whose time is over by then, or is so near its end that the owner is to be warned: the earliest first. */
export async function listOverdue({ database }: Records, rule: KeepingRule, nowMs: number, limit: number): Promise<readonly JobId[]> {
  const rows = await database
    .selectFrom("jobs")
    .select("job_id")
    .where("state", "in", ENDED_STATES)
    .where(removeAtMs(rule), "<=", nowMs)
    .orderBy("ended_at_ms")
    .limit(limit)
    .execute();
  return rows.map((row) => jobIdSchema.parse(row.job_id));
}

/** Puts a warning into the outbox for each job that is removed within `warnDays`, or within half of its time where that is less, once. Answers for how many. */
export async function warnOwners(records: Records, rule: KeepingRule & { readonly warnDays: number }, nowMs: number): Promise<number> {
  const { database } = records;
  const days = keptDays(rule);
  const due = sql<boolean>`state in ('completed', 'failed', 'cancelled') and warned_at_ms is null and notify_email is not null
    and ${removeAtMs(rule)} > ${nowMs} and ${removeAtMs(rule)} - min(${rule.warnDays}, ${days} / 2.0) * ${DAY_MS} <= ${nowMs}`;
  return records.write([
    database
      .insertInto("outbox")
      .columns(["job_id", "email", "attempts", "next_attempt_at_ms", "kind"])
      .expression((build) => build
        .selectFrom("jobs")
        .select((of) => ["job_id", of.ref("notify_email").$notNull().as("email"), of.lit(0).as("attempts"), sql<number>`${nowMs}`.as("next_attempt_at_ms"), sql<"expiring">`'expiring'`.as("kind")])
        .where(due))
      .compile(),
    database.updateTable("jobs").set({ warned_at_ms: nowMs }).where(due).compile(),
  ]);
}

/** Begins the job's time anew. Throws GridError "not-found", "conflict" where it has not ended. */
export async function keepFrom(records: Records, jobId: JobId, fromMs: number): Promise<void> {
  const changed = await records.write([
    records.database.updateTable("jobs").set({ kept_from_ms: fromMs, warned_at_ms: null }).where("job_id", "=", jobId).where("state", "in", ENDED_STATES).compile(),
  ]);
  if (changed === 0) throw new GridError("conflict", `Cannot keep the job ${jobId} longer: it was removed, or has not ended`);
}

/** What the owner has, and did since then. */
export async function findOwnerUse({ database }: Records, owner: Owner, sinceMs: number): Promise<OwnerUse> {
  const [active, recent, stored, executables] = await Promise.all([
    database.selectFrom("jobs").select(({ fn }) => [fn.countAll<number>().as("jobs"), sql<number>`coalesce(sum(tasks - done - failed), 0)`.as("tasks")]).where("owner", "=", owner).where("state", "in", UNFINISHED).executeTakeFirst(),
    database.selectFrom("jobs").select(({ fn }) => fn.countAll<number>().as("jobs")).where("owner", "=", owner).where("created_at_ms", ">", sinceMs).executeTakeFirst(),
    database.selectFrom("jobs").select(sql<number>`coalesce(sum(stored_bytes), 0)`.as("bytes")).where("owner", "=", owner).executeTakeFirst(),
    database.selectFrom("executable_owners as of").innerJoin("executables as stored", "stored.executable_id", "of.executable_id").select(sql<number>`coalesce(sum(stored.bytes), 0)`.as("bytes")).where("of.owner", "=", owner).executeTakeFirst(),
  ]);
  return { activeJobs: active?.jobs ?? 0, openTasks: active?.tasks ?? 0, jobsSince: recent?.jobs ?? 0, storedBytes: (stored?.bytes ?? 0) + (executables?.bytes ?? 0) };
}

/** The job that this owner created under this key, whether it is still there or not. */
export async function findEarlierJob({ database }: Records, owner: Owner, idempotencyKey: string): Promise<JobId | undefined> {
  const row = await database.selectFrom("idempotency_keys").select("job_id").where("owner", "=", owner).where("idempotency_key", "=", idempotencyKey).executeTakeFirst();
  return row === undefined ? undefined : jobIdSchema.parse(row.job_id);
}

/** Executables stored before then that no job uses. */
export async function listUnusedExecutables({ database }: Records, beforeMs: number, limit: number): Promise<readonly ExecutableId[]> {
  const rows = await database
    .selectFrom("executables")
    .select("executable_id")
    .where("created_at_ms", "<", beforeMs)
    .where((build) => build.not(build.exists(build.selectFrom("jobs").select("job_id").whereRef("jobs.executable_id", "=", "executables.executable_id"))))
    .limit(limit)
    .execute();
  return rows.map((row) => executableIdSchema.parse(row.executable_id));
}

/** Answers whether it was removed: no job uses it. */
export async function removeExecutable(records: Records, executableId: ExecutableId): Promise<boolean> {
  const { database } = records;
  return await records.write([
    database
      .deleteFrom("executable_owners")
      .where("executable_id", "=", executableId)
      .where((build) => build.not(build.exists(build.selectFrom("jobs").select("job_id").where("executable_id", "=", executableId))))
      .compile(),
    database
      .deleteFrom("executables")
      .where("executable_id", "=", executableId)
      .where((build) => build.not(build.exists(build.selectFrom("jobs").select("job_id").where("executable_id", "=", executableId))))
      .compile(),
  ]) > 0;
}

/** How long a job is kept: as its owner wishes within what the operator says; null: for ever. */
function keptDays({ keepDays }: KeepingRule) {
  return keepDays === null ? sql<number | null>`keep_days` : sql<number | null>`min(coalesce(keep_days, ${keepDays}), ${keepDays})`;
}

/** Null compares with nothing: what is kept for ever is never due. */
function removeAtMs(rule: KeepingRule) {
  return sql<number>`(coalesce(kept_from_ms, ended_at_ms) + ${keptDays(rule)} * ${DAY_MS})`;
}
