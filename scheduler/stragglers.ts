import type { Batch } from "./batch.ts";
import type { ComputeServer } from "./compute-server.ts";
import { isLateAtMs, isWorthACopy, planCopies, type CopyPlan } from "./copying.ts";
import type { Settings } from "./options.ts";
import { mayRunOn } from "./requirements.ts";
import type { UsableServers } from "./retries.ts";

/** Work that would be over sooner than this is not worth the messages of moving it. */
const WORTH_MOVING_MS = 100;
/** What is asked back has come by then, or nothing will: the rest may be copied. */
const ANSWER_MS = 500;
/** While something is late and not copied, for want of a place or of budget, it is looked at again after this. */
const LOOK_AGAIN_MS = 1000;

/** What idle Compute Servers can do for the last tasks. */
export interface HelpPlan {
  /** Ask what is not begun of these back, so that it can be handed out again. */
  readonly askBack: readonly Batch[];
  readonly copies: readonly CopyPlan[];
  /** When more may be done if nothing happens before; Infinity: nothing. */
  readonly nextMs: number;
}

/**
 * Plans the end of jobs: idle Compute Servers exist and nothing that they may run is waiting.
 * 1. Tasks that wait behind others on a busy Compute Server are taken back rather than run twice.
 * 2. Only what can not be taken back is copied: what is late, held where the link is gone or the slots are paused, or on its
 *    way on a slow Compute Server while a much faster one idles.
 * 3. The fastest copy first. A task runs at most twice at once (MAX_RUNS), or where it is worth more (WORTH_FASTER); a job's
 *    copies are bounded; no Compute Server gets a task that it holds, nor one that it failed while there are others.
 */
export function planHelp(servers: Iterable<ComputeServer>, usable: UsableServers, nowMs: number, settings: Settings): HelpPlan {
  const idle: ComputeServer[] = [];
  const queued: Batch[] = [];
  const late: Batch[] = [];
  const onTime: Batch[] = [];
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
      else {
        onTime.push(batch);
        nextMs = Math.min(nextMs, lateAtMs);
      }
    }
  }
  idle.sort((a, b) => b.speed - a.speed || a.order - b.order);
  // What no idle Compute Server may run would only be handed out again to where it was.
  const movable = queued.filter(({ job }) => job.spec.requires === undefined || idle.some((server) => mayRunOn(job, server)));
  const askBack = chooseToAskBack(movable, idleLanes);
  if (askBack.length > 0) return { askBack, copies: [], nextMs: Math.min(nextMs, nowMs + ANSWER_MS) };
  late.sort((a, b) => a.dueAtMs - b.dueAtMs || a.batchId - b.batchId);
  const slow = onTime.filter((batch) => isWorthACopy([batch], idle[0], nowMs)).sort((a, b) => b.dueAtMs - a.dueAtMs || a.batchId - b.batchId);
  const { copies, leftOver } = planCopies([...late, ...slow], idle, (server) => server.lanes - server.batches.size, usable, nowMs, settings);
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
