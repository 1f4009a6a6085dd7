import type { Batch } from "./batch.ts";
import type { ComputeServer } from "./compute-server.ts";
import { isMuchSooner, lateAfterMs } from "./copying.ts";
import type { JobRun } from "./job-run.ts";
import { MinHeap } from "./min-heap.ts";

/** With fewer tasks left for each slot they are laid out one by one: how they fall matters. */
const LAID_OUT_A_SLOT = 8;
/** More slots than this are not laid out: so many average out. */
const LAID_OUT_SLOTS = 2_000;
/** A task that takes longer than expected takes at least this part of its time more. */
const LEAST_LEFT = 0.25;

/** A slot that works for the job. */
interface Hand {
  /** When it ends what it runs, from now. */
  readonly freeInMs: number;
  /** Expected time of each task; longer where the slot takes turns with other jobs. */
  readonly taskMs: number;
  readonly order: number;
}

/** Tasks a millisecond that the job should get done on what it has now. */
export function expectedRate(job: JobRun): number {
  let rate = 0;
  for (const { slots, taskMs } of crewsOf(job)) rate += slots / taskMs;
  return rate;
}

/**
 * Estimated time until the job's last task ends, in milliseconds; null while nothing is known. What waits, over what its
 * Compute Servers should get done, corrected by what became of that lately (lost work, other jobs' turns, the network);
 * then what it takes until the last running task is over, on its own slot or as a copy on a faster one.
 */
export function timeLeft(job: JobRun, nowMs: number): number | null {
  const left = job.waitingCount + job.inFlightCount;
  const crews = crewsOf(job);
  const rateNow = crews.reduce((sum, { slots, taskMs }) => sum + slots / taskMs, 0);
  const { done, expected, meanRate } = job.pace.recent(nowMs);
  const slots = crews.reduce((sum, crew) => sum + crew.slots, 0);
  // As many tasks as run at once are taken to have gone as expected: few that ended say little.
  const yieldShare = (done + slots) / (expected + slots);
  if (rateNow === 0) return meanRate * yieldShare > 0 ? left / (meanRate * yieldShare) : null;
  const hands = handsOf(crews, nowMs);
  const toBegin = Math.max(0, left - hands.length);
  if (hands.length <= LAID_OUT_SLOTS && toBegin <= LAID_OUT_A_SLOT * hands.length) return layOut(toBegin, left, hands) / yieldShare;
  // Those that come and go even out over a long time, those that are here count now.
  const rate = meanRate === 0 ? rateNow : (rateNow + meanRate) / 2;
  const restMs = hands.reduce((sum, { freeInMs, taskMs }) => sum + freeInMs / taskMs, 0) / rateNow;
  const allBegunMs = (toBegin / rate) + restMs - (hands.length / rateNow) / 2;
  return lastEndMs(hands.map((hand) => atWorkAt(hand, allBegunMs)), allBegunMs) / yieldShare;
}

/** Each task goes to the slot that is free first, for none is kept idle. */
function layOut(toBegin: number, left: number, hands: readonly Hand[]): number {
  // Of more slots than tasks those have one that end it last.
  if (left < hands.length) return lastEndMs(hands.toSorted((a, b) => b.freeInMs - a.freeInMs).slice(0, left), 0);
  const free = new MinHeap<Hand>((a, b) => (a.freeInMs === b.freeInMs ? a.order < b.order : a.freeInMs < b.freeInMs));
  for (const hand of hands) free.push(hand);
  let begunMs = 0;
  for (let task = 0; task < toBegin; task++) {
    const next = free.pop();
    if (next === undefined) break;
    begunMs = next.freeInMs;
    free.push({ ...next, freeInMs: next.freeInMs + next.taskMs });
  }
  const last: Hand[] = [];
  for (let hand = free.pop(); hand !== undefined; hand = free.pop()) last.push(hand);
  return lastEndMs(last, begunMs);
}

/** The same slot, with what it runs at that time. */
function atWorkAt(hand: Hand, atMs: number): Hand {
  const { freeInMs, taskMs } = hand;
  return freeInMs >= atMs ? hand : { ...hand, freeInMs: freeInMs + Math.ceil((atMs - freeInMs) / taskMs) * taskMs };
}

/** When the last of the running tasks is over. What takes long is copied once there are idle slots, if these are faster, or it is late. */
function lastEndMs(hands: readonly Hand[], idleFromMs: number): number {
  let fastestMs = Infinity;
  for (const { taskMs } of hands) fastestMs = Math.min(fastestMs, taskMs);
  let lastMs = 0;
  for (const { freeInMs, taskMs } of hands) {
    const lateInMs = isMuchSooner(fastestMs, freeInMs - idleFromMs) ? 0 : freeInMs - taskMs + lateAfterMs(taskMs);
    const copiedFromMs = Math.max(idleFromMs, lateInMs);
    lastMs = Math.max(lastMs, Math.min(freeInMs, copiedFromMs + fastestMs));
  }
  return lastMs;
}

/** Slots of one Compute Server that work for the job, by the hub's own count. */
interface Crew {
  /** A part of a slot where it takes turns with other jobs. */
  readonly slots: number;
  readonly taskMs: number;
  /** The job's own batches there. */
  readonly batches: readonly Batch[];
}

function crewsOf(job: JobRun): Crew[] {
  const held = new Map<ComputeServer, Batch[]>();
  for (const batch of job.batches) {
    if (!batch.server.usable) continue;
    const known = held.get(batch.server);
    if (known === undefined) held.set(batch.server, [batch]);
    else known.push(batch);
  }
  const crews: Crew[] = [];
  for (const [server, batches] of held) {
    const taskMs = job.timing.expectedTaskMs(server);
    if (taskMs === undefined || taskMs <= 0) continue;
    const atWork = Math.min(server.batches.size, server.lanes) * server.laneSlots;
    crews.push({ slots: (atWork * batches.length) / server.batches.size, taskMs, batches });
  }
  return crews;
}

function handsOf(crews: readonly Crew[], nowMs: number): Hand[] {
  const hands: Hand[] = [];
  for (const { slots, taskMs, batches } of crews) {
    const whole = Math.max(1, Math.round(slots));
    const slowedMs = (taskMs * whole) / slots;
    for (let slot = 0; slot < whole; slot++) {
      const batch = batches[slot % batches.length];
      hands.push({ freeInMs: batch === undefined ? slowedMs : restOf(batch, slowedMs, nowMs), taskMs: slowedMs, order: hands.length });
    }
  }
  return hands;
}

/** What is left of the task that runs now. One that takes longer than expected is likely to take as much longer again. */
function restOf({ heardAtMs, startsAtMs }: Batch, taskMs: number, nowMs: number): number {
  const ranMs = Math.max(0, nowMs - Math.max(heardAtMs, startsAtMs));
  return Math.max(taskMs - ranMs, LEAST_LEFT * taskMs, ranMs - taskMs);
}
