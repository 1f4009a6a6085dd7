import type { IndexRange } from "../protocol/index-range.ts";
import type { Batch } from "./batch.ts";
import { batchSize } from "./batch-sizing.ts";
import type { ComputeServer } from "./compute-server.ts";
import { IndexSet } from "./index-set.ts";
import type { JobRun } from "./job-run.ts";
import type { Settings } from "./options.ts";
import { mayRunOn } from "./requirements.ts";
import type { UsableServers } from "./retries.ts";

/** Work that would be over sooner than this is not worth the messages of moving it. */
const WORTH_MOVING_MS = 100;
/** What is asked back has come by then, or nothing will: the rest may be copied. */
const ANSWER_MS = 500;
/** While something is late and not copied, for want of a place or of budget, it is looked at again after this. */
const LOOK_AGAIN_MS = 1000;
/** A batch is late past this many times its expected time (Spark's rule of 1.5 × the median) … */
const LATE_FACTOR = 1.5;
/** … and this much more, for the network and the quarter second between reports. */
const LATE_SLACK_MS = 500;
/** Compute Servers that run a task at once, not counting those that are gone. */
const MAX_RUNS = 2;
/** No more than this share of a job's tasks is copied at once (LATE's cap, Zaharia 2008) … */
const COPIED_SHARE = 0.1;
/** … but in a small job these many may be. */
const COPIED_AT_LEAST = 8;

/** What idle Compute Servers can do for the last tasks. */
interface HelpPlan {
  /** Ask what is not begun of these back, so that it can be handed out again. */
  readonly askBack: readonly Batch[];
  readonly copies: readonly CopyPlan[];
  /** When more may be done if nothing happens before; Infinity: nothing. */
  readonly nextMs: number;
}

interface CopyPlan {
  readonly original: Batch;
  readonly server: ComputeServer;
  readonly ranges: readonly IndexRange[];
}

/**
 * Plans the end of jobs: idle Compute Servers exist and nothing that they may run is waiting.
 * 1. Tasks that wait behind others on a busy Compute Server are taken back rather than run twice.
 * 2. Only what can not be taken back is copied: what is late, or held where the link is gone or the slots are paused.
 * 3. A task runs at most twice at once (MAX_RUNS), a job's copies are bounded, and no Compute Server gets a task that it holds, nor
 *    one that it failed while there are others.
 */
export function planHelp(servers: Iterable<ComputeServer>, usable: UsableServers, nowMs: number, settings: Settings): HelpPlan {
  const idle: ComputeServer[] = [];
  const queued: Batch[] = [];
  const late: Batch[] = [];
  let idleLanes = 0;
  let nextMs = Infinity;
  for (const server of servers) {
    if (server.hasFreeLane) {
      idle.push(server);
      idleLanes += server.lanes - server.batches.size;
    }
    let position = 0;
    for (const batch of server.batches.values()) {
      const isQueued = position++ >= server.lanes;
      if (batch.job.state.kind === "paused") continue;
      if (canAskBack(batch, isQueued)) queued.push(batch);
      const lateAtMs = isLateAtMs(batch);
      if (lateAtMs <= nowMs) late.push(batch);
      else nextMs = Math.min(nextMs, lateAtMs);
    }
  }
  // What no idle Compute Server may run would only be handed out again to where it was.
  const movable = queued.filter(({ job }) => job.spec.requires === undefined || idle.some((server) => mayRunOn(job, server)));
  const askBack = chooseToAskBack(movable, idleLanes);
  if (askBack.length > 0) return { askBack, copies: [], nextMs: Math.min(nextMs, nowMs + ANSWER_MS) };
  const { copies, leftOver } = planCopies(late, idle, usable, nowMs, settings);
  return { askBack, copies, nextMs: leftOver ? Math.min(nextMs, nowMs + LOOK_AGAIN_MS) : nextMs };
}

function canAskBack(batch: Batch, isQueued: boolean): boolean {
  const { server } = batch;
  if (!server.usable || batch.copy || batch.askedBack) return false;
  if (!isQueued && batch.left.count <= server.laneSlots) return false;
  return finishesInMs(batch, isQueued) >= WORTH_MOVING_MS;
}

function finishesInMs(batch: Batch, isQueued: boolean): number {
  return isQueued ? batch.server.backlogMs / batch.server.slots : batch.leftMs / batch.server.laneSlots;
}

/** Those that would take longest, until there is a task for every idle lane. */
function chooseToAskBack(queued: Batch[], idleLanes: number): Batch[] {
  const chosen: Batch[] = [];
  let freed = 0;
  queued.sort((a, b) => b.dueAtMs - a.dueAtMs || a.batchId - b.batchId);
  for (const batch of queued) {
    if (freed >= idleLanes) break;
    freed += Math.max(1, batch.left.count - batch.server.laneSlots);
    chosen.push(batch);
  }
  return chosen;
}

function isLateAtMs(batch: Batch): number {
  if (!batch.server.usable) return -Infinity;
  const { job, assignedAtMs, dueAtMs } = batch;
  // Of a job that was never measured nothing is expected, so only its own limit for a task says what is late.
  if (job.timing.meanTaskMs === undefined) return assignedAtMs + job.spec.taskTimeoutMs + LATE_SLACK_MS;
  return assignedAtMs + LATE_FACTOR * (dueAtMs - assignedAtMs) + LATE_SLACK_MS;
}

function planCopies(
  late: Batch[], idle: readonly ComputeServer[], usable: UsableServers, nowMs: number, settings: Settings,
): { copies: CopyPlan[]; leftOver: boolean } {
  const copies: CopyPlan[] = [];
  const left = new Map<Batch, IndexSet>();
  const planned = new Map<JobRun, IndexSet>();
  late.sort((a, b) => a.dueAtMs - b.dueAtMs || a.batchId - b.batchId);
  for (const batch of late) {
    const { job } = batch;
    const already = planned.get(job) ?? new IndexSet();
    planned.set(job, already);
    const tasks = tasksToCopy(batch, already, copyBudget(job) - already.count, nowMs);
    for (const [from, to] of tasks.ranges()) already.add(from, to);
    if (tasks.count > 0) left.set(batch, tasks);
  }
  for (const server of idle) {
    for (let lane = server.batches.size; lane < server.lanes; lane++) {
      const plan = planCopy(left, server, usable, nowMs, settings);
      if (plan === null) break;
      copies.push(plan);
    }
  }
  return { copies, leftOver: left.size > 0 };
}

function copyBudget(job: JobRun): number {
  return Math.max(COPIED_AT_LEAST, Math.floor(job.spec.tasks * COPIED_SHARE)) - job.copies.size;
}

/** At most `limit` tasks of the batch that have not ended and that nobody else runs, or only such as are late with it and gone. */
function tasksToCopy(batch: Batch, planned: IndexSet, limit: number, nowMs: number): IndexSet {
  const tasks = new IndexSet();
  for (const [from, to] of batch.left.ranges()) {
    for (const [start, end] of batch.job.notEnded(from, to)) {
      for (let index = start; index < end; index++) {
        if (tasks.count >= limit) return tasks;
        if (planned.has(index)) continue;
        const holders = batch.job.copies.holders(index, batch);
        const mayFinish = holders.filter(({ server }) => server.usable).length;
        if (mayFinish < MAX_RUNS && holders.every((holder) => isLateAtMs(holder) <= nowMs)) tasks.add(index, index + 1);
      }
    }
  }
  return tasks;
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
        if (job.copies.holders(index, original).some((holder) => holder.server === server)) continue;
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
