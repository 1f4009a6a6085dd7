import { countIndexes } from "../protocol/index-range.ts";
import type { Batch } from "./batch.ts";
import type { Command } from "./command.ts";
import type { ComputeServer } from "./compute-server.ts";
import type { SchedulerEvent } from "./event.ts";
import type { JobRun } from "./job-run.ts";
import { Judge } from "./judge.ts";
import { takeAnswers } from "./take-answers.ts";
import type { JobVerification } from "./verification/job-verification.ts";

/** Slot time that a report may claim beyond what the hub's clock allows: clocks are coarse and start apart. */
const CLOCK_SLACK_MS = 100;
/** What a task that kills its slot costs beyond its own time, until there is a new one: its job is charged for it (R7). */
const SLOT_RESTART_MS = 200;

export type OutcomesEvent = Extract<SchedulerEvent, { readonly type: "outcomes" }>;

interface OutcomeCounts {
  readonly accepted: number;
  readonly failed: number;
}

/**
 * Takes in what became of tasks (R2, R5): each counts if its task has not ended, whoever reports it, and once. `server`
 * is undefined where it is registered no more.
 */
export function takeOutcomes(event: OutcomesEvent, job: JobRun, server: ComputeServer | undefined, nowMs: number, out: Command[]): OutcomeCounts {
  const held = server?.batches.get(event.batchId);
  const batch = held?.job === job ? held : undefined;
  if (job.verification !== null) return takeVerified(event, job, job.verification, batch, server, nowMs, out);

  const leftBefore = batch?.left.count ?? 0;
  const accepted = job.finish(event.done, batch);
  if (accepted.length > 0) out.push({ type: "accept", jobId: job.spec.jobId, ranges: accepted });
  const failed = takeFailures(event, job, batch, nowMs, out);
  const counts = { accepted: countIndexes(accepted), failed };
  job.rate.add(counts.accepted, nowMs);
  if (server !== undefined) credit(event, server, batch, leftBefore, counts, nowMs);
  return counts;
}

/** The same of a job whose answers are verified. */
function takeVerified(
  event: OutcomesEvent, job: JobRun, verification: JobVerification, batch: Batch | undefined, server: ComputeServer | undefined, nowMs: number, out: Command[],
): OutcomeCounts {
  const leftBefore = batch?.left.count ?? 0;
  const doneBefore = job.done.count;
  const judge = new Judge(job, verification);
  takeAnswers(event, job, verification, batch, server, judge, nowMs);
  const failed = takeFailures(event, job, batch, nowMs, out);
  judge.take(nowMs);
  if (server !== undefined) credit(event, server, batch, leftBefore, { accepted: judge.heldCount, failed }, nowMs);
  const differing = judge.failedCount;
  judge.tell(event.computeServerId, nowMs, out);
  const counts = { accepted: job.done.count - doneBefore, failed: failed + differing };
  job.rate.add(counts.accepted, nowMs);
  return counts;
}

/** What the Compute Server has done is noted. */
function credit(
  event: OutcomesEvent, server: ComputeServer, batch: Batch | undefined, leftBefore: number, counts: OutcomeCounts, nowMs: number,
): void {
  let busyMs = Math.min(event.busyMs, slotTimeSince(server.statistics.registeredAtMs, server, nowMs));
  const reported = batch === undefined ? 0 : leftBefore - batch.left.count;
  if (batch !== undefined && reported > 0) busyMs = measure(event, batch, reported, nowMs);
  // A report that came twice is worth nothing the second time.
  if (reported > 0 || counts.accepted + counts.failed > 0) server.statistics.count(counts.accepted, counts.failed, busyMs, nowMs);
}

function takeFailures(event: OutcomesEvent, job: JobRun, batch: Batch | undefined, nowMs: number, out: Command[]): number {
  const { computeServerId, batchId } = event;
  const { volunteer, vouched } = batch?.server ?? { volunteer: computeServerId, vouched: false };
  let failed = 0;
  for (const { index, kind, message, stack } of event.failures) {
    const verdict = job.fail(index, { computeServerId, batchId, kind, volunteer, vouched }, batch, nowMs);
    if (verdict.kind !== "ignored") {
      failed++;
      job.slotDeaths.note(kind, volunteer);
    }
    if (verdict.kind !== "recorded") continue;
    out.push({ type: "record-failure", jobId: job.spec.jobId, index, message, stack, attempts: verdict.attempts });
  }
  return failed;
}

/** Learns the task time from a report of the batch. Answers the slot time that it stands for. */
function measure(event: OutcomesEvent, batch: Batch, reported: number, nowMs: number): number {
  const { job, server } = batch;
  const busyMs = Math.min(event.busyMs, Math.max(0, slotTimeSince(batch.assignedAtMs, server, nowMs) - batch.busyMs));
  // What began at once tells how long the way is, there and back.
  const isFirst = batch.heardAtMs === batch.assignedAtMs && batch.startsAtMs === batch.assignedAtMs;
  if (isFirst && event.busyMs > 0 && server.laneSlots === 1) server.measureRoundTrip(Math.max(0, nowMs - batch.assignedAtMs - event.busyMs));
  batch.busyMs += busyMs;
  const slotMs = job.timing.measure(server, { tasks: reported, busyMs, wallMs: nowMs - batch.heardAtMs, batchTasks: batch.tasks });
  batch.heardAtMs = nowMs;
  const deaths = event.failures.filter(({ kind }) => kind !== "error").length;
  server.loadBalancer?.settle(batch, reported, slotMs + deaths * SLOT_RESTART_MS);
  return busyMs;
}

function slotTimeSince(sinceMs: number, server: ComputeServer, nowMs: number): number {
  return (nowMs - sinceMs + CLOCK_SLACK_MS) * Math.max(1, server.slots);
}
