import type { IndexRange } from "../protocol/index-range.ts";
import type { Batch } from "./batch.ts";
import { batchSize } from "./batch-sizing.ts";
import type { ComputeServer } from "./compute-server.ts";
import { IndexSet } from "./index-set.ts";
import type { JobRun } from "./job-run.ts";
import type { Settings } from "./options.ts";
import { mayRunOn } from "./requirements.ts";
import type { UsableServers } from "./retries.ts";

/** A batch is late past this many times its expected time (Spark's rule of 1.5 × the median) … */
const LATE_FACTOR = 1.5;
/** … and this much more, for the network and the quarter second between reports. */
const LATE_SLACK_MS = 500;
/** Compute Servers that run a task at once, not counting those that are gone … */
const MAX_RUNS = 2;
/** … and where one more is expected to be done sooner than any of them, so many. */
const MAX_RUNS_FOR_SPEED = 4;
/** What is not late is copied where it is expected to take this part of the time that it still needs where it is. */
const WORTH_SOONER = 0.5;
/** What has run long will run as long again: all that is known of a heavy tail. So the whole is this many times what is done. */
const WHOLE_OF_DONE = 2;
/** No more than this share of a job's tasks is ever copied … */
const COPIED_SHARE = 0.05;
/** … but so many of those that are late … */
const LATE_AT_LEAST = 2;
/** … and so many at once of those whose Compute Server is not heard of. */
const LOST_AT_LEAST = 8;

export interface CopyPlan {
  readonly original: Batch;
  readonly server: ComputeServer;
  readonly ranges: readonly IndexRange[];
}

/** When the batch is late; -Infinity where nothing is heard of it any more. */
export function isLateAtMs(batch: Batch): number {
  if (!batch.server.usable) return -Infinity;
  const { job, assignedAtMs, dueAtMs } = batch;
  // Of a job that was never measured nothing is expected, so only its own limit for a task says what is late.
  if (job.timing.meanTaskMs === undefined) return assignedAtMs + job.spec.taskTimeoutMs + LATE_SLACK_MS;
  return assignedAtMs + lateAfterMs(dueAtMs - assignedAtMs);
}

/** What should take so long is late after this time. */
export function lateAfterMs(expectedMs: number): number {
  return LATE_FACTOR * expectedMs + LATE_SLACK_MS;
}

/** Whether what is on time, and needs `leftMs` where it is, is copied to where the whole of it takes `takesMs`. */
export function isMuchSooner(takesMs: number, leftMs: number): boolean {
  return takesMs <= WORTH_SOONER * (leftMs - LATE_SLACK_MS);
}

/** Copies of these batches' tasks for these Compute Servers, as far as they are worth it and allowed. `leftOver`: for more there is no place. */
export function planCopies(
  candidates: readonly Batch[], idle: readonly ComputeServer[], room: (server: ComputeServer) => number,
  usable: UsableServers, nowMs: number, settings: Settings,
): { copies: CopyPlan[]; leftOver: boolean } {
  const copies: CopyPlan[] = [];
  const left = new Map<Batch, IndexSet>();
  const planned = new Map<JobRun, IndexSet>();
  for (const batch of candidates) {
    const { job } = batch;
    const already = planned.get(job) ?? new IndexSet();
    planned.set(job, already);
    const tasks = tasksToCopy(batch, already, copyBudget(batch, nowMs) - already.count, idle[0], nowMs);
    for (const [from, to] of tasks.ranges()) already.add(from, to);
    if (tasks.count > 0) left.set(batch, tasks);
  }
  for (const server of idle) {
    for (let free = room(server); free > 0; free--) {
      const plan = planCopy(left, server, usable, nowMs, settings);
      if (plan === null) break;
      copies.push(plan);
    }
  }
  return { copies, leftOver: left.size > 0 };
}

function copyBudget(batch: Batch, nowMs: number): number {
  const { copies, spec } = batch.job;
  const share = Math.floor(spec.tasks * COPIED_SHARE) - copies.made;
  if (!batch.server.usable) return Math.max(share, LOST_AT_LEAST - copies.size);
  return isLateAtMs(batch) <= nowMs ? Math.max(share, LATE_AT_LEAST - copies.made) : share;
}

/** At most `limit` tasks of the batch that have not ended and that the fastest idle Compute Server should run too. */
function tasksToCopy(batch: Batch, planned: IndexSet, limit: number, fastestIdle: ComputeServer | undefined, nowMs: number): IndexSet {
  const tasks = new IndexSet();
  for (const [from, to] of batch.left.ranges()) {
    for (const [start, end] of batch.job.notEnded(from, to)) {
      for (let index = start; index < end; index++) {
        if (tasks.count >= limit) return tasks;
        if (planned.has(index)) continue;
        if (isWorthACopy(batch.job.copies.holders(index, batch), fastestIdle, nowMs)) tasks.add(index, index + 1);
      }
    }
  }
  return tasks;
}

/** Whether a Compute Server should run what these run. */
export function isWorthACopy(holders: readonly Batch[], server: ComputeServer | undefined, nowMs: number): boolean {
  if (server === undefined) return false;
  const running = holders.filter((holder) => holder.server.usable);
  if (running.length >= MAX_RUNS_FOR_SPEED) return false;
  const onTime = running.filter((holder) => isLateAtMs(holder) > nowMs);
  if (onTime.length > 0) return onTime.every((holder) => takesMuchLess(holder, server, nowMs));
  return running.length < MAX_RUNS || wholeMs(running, server, nowMs) < leftMs(running, nowMs);
}

/** How long the Compute Server takes for what late batches run, from its beginning. */
export function wholeMs(holders: readonly Batch[], server: ComputeServer, nowMs: number): number {
  let doneMs = 0;
  for (const holder of holders) doneMs = Math.max(doneMs, (nowMs - holder.startsAtMs) * holder.server.speed);
  return (WHOLE_OF_DONE * doneMs) / server.speed;
}

/** How long the first of late batches that run the same still needs. */
export function leftMs(holders: readonly Batch[], nowMs: number): number {
  return Math.min(...holders.map((holder) => wholeMs(holders, holder.server, nowMs) - (nowMs - holder.startsAtMs)));
}

/** Of what is not late one more task's usual time at least is expected to be left: most lengths vary as much. */
function takesMuchLess({ job, left, dueAtMs, taskMs }: Batch, server: ComputeServer, nowMs: number): boolean {
  const thereMs = job.timing.expectedTaskMs(server);
  return thereMs !== undefined && isMuchSooner((thereMs * left.count) / server.laneSlots, Math.max(dueAtMs - nowMs, taskMs));
}

/** One copy for a lane of the server, taken out of what is left to copy. */
function planCopy(
  left: Map<Batch, IndexSet>, server: ComputeServer, usable: UsableServers, nowMs: number, settings: Settings,
): CopyPlan | null {
  for (const [original, tasks] of left) {
    const { job } = original;
    if (!mayRunOn(job, server)) continue;
    const size = batchSize({
      profile: job.timing.profile(server), waitingTasks: tasks.count, speedShare: 1, laneSlots: server.laneSlots, ...settings,
    });
    const taken = new IndexSet();
    for (const [from, to] of tasks.ranges()) {
      for (let index = from; index < to && taken.count < size; index++) {
        const holders = job.copies.holders(index, original);
        if (!job.mayCopy(index, holders, server) || !isWorthACopy(holders, server, nowMs)) continue;
        if (job.retries.mayRun(index, server.computeServerId, original.dueAtMs, nowMs, usable)) taken.add(index, index + 1);
      }
    }
    if (taken.count === 0) continue;
    for (const [from, to] of taken.ranges()) tasks.remove(from, to);
    if (tasks.count === 0) left.delete(original);
    return { original, server, ranges: taken.ranges() };
  }
  return null;
}
