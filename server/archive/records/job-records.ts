import { sql, type CompiledQuery } from "kysely";
import { GridError } from "../../../protocol/grid-error.ts";
import { ENDED_STATES, type JobState } from "../../../protocol/http/job.ts";
import type { JobId } from "../../../protocol/ids.ts";
import type { JobFilter, JobPage, NewJob, StoredJob } from "../archive.ts";
import { decodeJobCursor, encodeJobCursor } from "./job-cursor.ts";
import { jobFromRow, jobToRow } from "./job-row.ts";
import type { Records } from "./records.ts";
import { searchPatterns } from "./search-text.ts";

/** What stores a job's rows; its inputs stand elsewhere. */
export function insertJob({ database }: Records, job: NewJob): readonly CompiledQuery[] {
  const isPublic = job.public ? 1 : 0;
  return [
    database.insertInto("jobs").values(jobToRow(job)).compile(),
    ...[...new Set(job.tags)].map((tag) =>
      database.insertInto("job_tags").values({ tag, job_id: job.jobId, public: isPublic }).compile()),
  ];
}

export async function findJob({ database }: Records, jobId: JobId): Promise<StoredJob | undefined> {
  const row = await database.selectFrom("jobs").selectAll().where("job_id", "=", jobId).executeTakeFirst();
  return row === undefined ? undefined : jobFromRow(row);
}

export async function listJobs({ database }: Records, filter: JobFilter): Promise<JobPage> {
  const { states, owner, publicOnly, text, tag, cursor, limit } = filter;
  let query = database.selectFrom("jobs").selectAll().orderBy("created_at_ms", "desc").orderBy("job_id", "desc").limit(limit + 1);
  if (states !== undefined) query = query.where("state", "in", states);
  if (owner !== undefined) query = query.where("owner", "=", owner);
  if (publicOnly === true) query = query.where("public", "=", 1);
  for (const pattern of searchPatterns(text ?? "")) query = query.where(sql<boolean>`search like ${pattern} escape '\\'`);
  if (tag !== undefined) {
    query = query.where("job_id", "in", (inner) => inner.selectFrom("job_tags").select("job_tags.job_id").where("tag", "=", tag));
  }
  if (cursor !== undefined) {
    const [createdAtMs, jobId] = decodeJobCursor(cursor);
    query = query.where((build) => build(build.refTuple("created_at_ms", "job_id"), "<", build.tuple(createdAtMs, jobId)));
  }
  const rows = await query.execute();
  const jobs = rows.slice(0, limit).map(jobFromRow);
  const last = jobs.at(-1);
  return { jobs, nextCursor: rows.length > limit && last !== undefined ? encodeJobCursor([last.createdAtMs, last.jobId]) : null };
}

export async function listTags({ database }: Records, limit: number): Promise<readonly { tag: string; count: number }[]> {
  return database
    .selectFrom("job_tags")
    .select(({ fn }) => ["tag", fn.countAll<number>().as("count")])
    .where("public", "=", 1)
    .groupBy("tag")
    .orderBy("count", "desc")
    .orderBy("tag")
    .limit(limit)
    .execute();
}

export async function listUnfinishedJobs({ database }: Records): Promise<readonly StoredJob[]> {
  const rows = await database
    .selectFrom("jobs")
    .selectAll()
    .where("state", "in", ["queued", "running", "paused"])
    .orderBy("created_at_ms")
    .orderBy("job_id")
    .execute();
  return rows.map(jobFromRow);
}

/** Throws GridError "not-found". */
export async function setSharing(records: Records, jobId: JobId, sharing: Pick<StoredJob, "public" | "shareKey">): Promise<void> {
  const { database } = records;
  const isPublic = sharing.public ? 1 : 0;
  const changed = await records.write([
    database.updateTable("job_tags").set({ public: isPublic }).where("job_id", "=", jobId).compile(),
    database.updateTable("jobs").set({ public: isPublic, share_key: sharing.shareKey }).where("job_id", "=", jobId).compile(),
  ]);
  if (changed === 0) throw new GridError("not-found", `Cannot share job ${jobId}: there is no such job`);
}

/** Throws GridError "not-found". */
export async function setJobState(records: Records, jobId: JobId, state: JobState, atMs: number): Promise<void> {
  const { database } = records;
  const ended = ENDED_STATES.includes(state);
  const mail = database
    .insertInto("outbox")
    .columns(["job_id", "email", "attempts", "next_attempt_at_ms"])
    .expression((build) =>
      build
        .selectFrom("jobs")
        .select((of) => [
          "job_id", of.ref("notify_email").$notNull().as("email"), of.lit(0).as("attempts"), sql<number>`${atMs}`.as("next_attempt_at_ms"),
        ])
        .where("job_id", "=", jobId)
        .where("notify_email", "is not", null)
        .where("state", "not in", ENDED_STATES));
  const update = database
    .updateTable("jobs")
    .set((of) => ({
      state,
      // A job that ran again is kept from its new end on.
      ...(ended ? { kept_from_ms: null, warned_at_ms: null } : {}),
      ended_at_ms: ended ? atMs : null,
      ...(state === "running" ? { started_at_ms: of.fn.coalesce(of.ref("started_at_ms"), of.val(atMs)) } : {}),
    }))
    .where("job_id", "=", jobId);
  const unheld = database.deleteFrom("held").where("job_id", "=", jobId);
  const changed = await records.write([...(ended ? [mail.compile(), unheld.compile()] : []), update.compile()]);
  if (changed === 0) throw new GridError("not-found", `Cannot set the state of job ${jobId}: there is no such job`);
}
