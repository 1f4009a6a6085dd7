import type { Insertable, Selectable } from "kysely";
import * as z from "zod/mini";
import { executableIdSchema, jobIdSchema, ownerSchema } from "../../../protocol/ids.ts";
import { jobLimitsSchema, requirementsSchema } from "../../../protocol/http/job-options.ts";
import { compareSchema, verificationSchema } from "../../../protocol/http/verification.ts";
import { viewSchema } from "../../../protocol/http/view.ts";
import type { NewJob, StoredJob } from "../archive.ts";
import type { JobsTable } from "../tables.ts";
import { searchText } from "./search-text.ts";

const inputsSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("range"), start: z.number(), step: z.number() }),
  z.object({ kind: z.literal("values") }),
]);
const tagsSchema = z.array(z.string());
const asksSchema = z.object({
  policy: z.optional(z.string()), requires: z.optional(requirementsSchema),
  verification: z.optional(verificationSchema), compare: z.optional(compareSchema), engines: z.optional(z.literal("same")),
  limits: z.optional(jobLimitsSchema),
});

export function jobToRow(job: NewJob): Insertable<JobsTable> {
  return {
    job_id: job.jobId,
    name: job.name,
    owner: job.owner,
    search: searchText(job),
    state: "queued",
    public: job.public ? 1 : 0,
    created_at_ms: job.createdAtMs,
    started_at_ms: null,
    ended_at_ms: null,
    tasks: job.tasks,
    done: 0,
    failed: 0,
    priority: job.priority,
    max_attempts: job.maxAttempts,
    task_timeout_ms: job.taskTimeoutMs,
    executable_id: job.executableId,
    notify_email: job.notifyEmail,
    inputs_json: JSON.stringify(job.inputs),
    tags_json: JSON.stringify(job.tags),
    view_json: job.view === null ? null : JSON.stringify(job.view),
    args_json: job.argsJson,
    asks_json: asksJson(job),
    share_key: job.shareKey,
    keep_days: job.keepDays ?? null,
    kept_from_ms: null,
    warned_at_ms: null,
  };
}

/** What is as every job has it is left out. */
function asksJson({ policy, requires, limits, verification: { policy: verification, compare, engines } }: NewJob): string | null {
  const asks: z.infer<typeof asksSchema> = {
    policy: policy ?? undefined,
    requires: requires ?? undefined,
    verification: verification === "first" ? undefined : verification,
    compare: compare === "exact" ? undefined : compare,
    engines: engines === "any" ? undefined : engines,
    limits,
  };
  const json = JSON.stringify(asks);
  return json === "{}" ? null : json;
}

export function jobFromRow(row: Selectable<JobsTable>): StoredJob {
  const asks = row.asks_json === null ? {} : asksSchema.parse(JSON.parse(row.asks_json));
  return {
    jobId: jobIdSchema.parse(row.job_id),
    name: row.name,
    owner: ownerSchema.parse(row.owner),
    executableId: executableIdSchema.parse(row.executable_id),
    tasks: row.tasks,
    inputs: inputsSchema.parse(JSON.parse(row.inputs_json)),
    argsJson: row.args_json,
    view: row.view_json === null ? null : viewSchema.parse(JSON.parse(row.view_json)),
    priority: row.priority,
    maxAttempts: row.max_attempts,
    taskTimeoutMs: row.task_timeout_ms,
    policy: asks.policy ?? null,
    requires: asks.requires ?? null,
    verification: { policy: asks.verification ?? "first", compare: asks.compare ?? "exact", engines: asks.engines ?? "any" },
    tags: tagsSchema.parse(JSON.parse(row.tags_json)),
    public: row.public === 1,
    shareKey: row.share_key,
    notifyEmail: row.notify_email,
    ...(asks.limits === undefined ? {} : { limits: asks.limits }),
    ...(row.keep_days === null ? {} : { keepDays: row.keep_days }),
    ...(row.kept_from_ms === null ? {} : { keptFromMs: row.kept_from_ms }),
    state: row.state,
    createdAtMs: row.created_at_ms,
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms,
    done: row.done,
    failed: row.failed,
    runs: row.runs,
    caughtServers: row.caught_servers,
  };
}
