import type { BatchId } from "../protocol/ids.ts";
import type { TaskFailure } from "../protocol/up/outcomes.ts";
import type { SimulatedJob } from "./simulated-job.ts";
import type { World } from "./world.ts";

/** What a slot has finished is reported when its work ends, and at the first task that ends this long after the last report. */
const FLUSH_MS = 250;
/** From a slot's death to a new one. */
const RESTART_MS = 200;

/** Tasks of one batch, taken by one slot, to be run one after the other. */
export interface Segment {
  readonly batchId: BatchId;
  readonly job: SimulatedJob;
  readonly indexes: readonly number[];
}

/** What a slot says of its work. */
export interface SlotReport {
  readonly segment: Segment;
  /** Positions in the segment that are done since the last report. */
  readonly from: number;
  readonly to: number;
  readonly failure: TaskFailure | null;
  readonly busyMs: number;
  /** The first position that it will not run; equal to the length where all are run; null while it goes on. */
  readonly endedAt: number | null;
}

interface SlotOwner {
  readonly speed: number;
  reported(report: SlotReport): void;
  /** A slot was at work from then to then. */
  busy(fromMs: number, toMs: number): void;
  /** A slot that died can be used again. */
  restarted(): void;
}

/**
 * One slot in virtual time. It needs an event a report, not a task: when the next report is due follows from the lengths
 * of the tasks.
 */
export class SimulatedSlot {
  segment: Segment | null = null;
  readonly #world: World;
  readonly #owner: SlotOwner;
  #position = 0;
  #workedFromMs = 0;
  #reportDueMs = 0;
  /** An event of an earlier plan is void. */
  #plan = 0;
  #frozenLeftMs: number | null = null;
  #restarting = false;

  constructor(world: World, owner: SlotOwner) {
    this.#world = world;
    this.#owner = owner;
  }

  get isIdle(): boolean {
    return this.segment === null && !this.#restarting;
  }

  begin(segment: Segment): void {
    this.segment = segment;
    this.#position = 0;
    this.#workedFromMs = this.#world.nowMs;
    this.#planReport();
  }

  /** Stops at once; what was not reported is lost. */
  stop(): void {
    if (this.segment === null) return;
    if (this.#frozenLeftMs === null) this.#owner.busy(this.#workedFromMs, this.#world.nowMs);
    this.#plan++;
    this.segment = null;
    this.#frozenLeftMs = null;
  }

  /** Time stands still here, as in a tab that the browser froze. */
  freeze(): void {
    if (this.segment === null || this.#frozenLeftMs !== null) return;
    this.#owner.busy(this.#workedFromMs, this.#world.nowMs);
    this.#frozenLeftMs = this.#reportDueMs - this.#world.nowMs;
    this.#plan++;
  }

  thaw(): void {
    if (this.#frozenLeftMs === null) return;
    const { segment } = this;
    if (segment !== null) {
      this.#workedFromMs = this.#world.nowMs;
      this.#schedule(segment, this.#frozenLeftMs);
    }
    this.#frozenLeftMs = null;
  }

  #planReport(): void {
    const { segment } = this;
    if (segment === null) return;
    this.#schedule(segment, this.#walk(segment).takesMs);
  }

  #schedule(segment: Segment, takesMs: number): void {
    const plan = ++this.#plan;
    this.#reportDueMs = this.#world.nowMs + takesMs;
    this.#world.later(takesMs, () => {
      if (this.#plan === plan) this.#report(segment);
    });
  }

  /** The tasks up to the next report: where it is due, after how long, and whether a task meets its deadline there. */
  #walk({ job, indexes }: Segment): { readonly to: number; readonly takesMs: number; readonly isLate: boolean } {
    let takesMs = 0;
    for (let at = this.#position; at < indexes.length; at++) {
      const taskMs = job.lengthMs(indexes[at] ?? 0) / this.#owner.speed;
      if (taskMs > job.spec.taskTimeoutMs) return { to: at, takesMs: takesMs + job.spec.taskTimeoutMs, isLate: true };
      takesMs += taskMs;
      if (job.willFail(indexes[at] ?? 0) || takesMs >= FLUSH_MS) return { to: at + 1, takesMs, isLate: false };
    }
    return { to: indexes.length, takesMs, isLate: false };
  }

  #report(segment: Segment): void {
    const { job, indexes } = segment;
    const from = this.#position;
    const { to, takesMs, isLate } = this.#walk(segment);
    const last = indexes[isLate ? to : to - 1] ?? 0;
    const failure = isLate ? job.fail(last, "timeout") : job.run(last);
    const next = isLate ? to + 1 : to;
    const diedHere = failure !== null && failure.kind !== "error";
    const ended = diedHere || next >= indexes.length;
    this.#owner.busy(this.#workedFromMs, this.#world.nowMs);
    this.#position = next;
    this.#workedFromMs = this.#world.nowMs;
    if (ended) this.segment = null;
    if (diedHere) this.#restart();
    const done = isLate || failure === null ? to : to - 1;
    if (!diedHere) this.#owner.reported({ segment, from, to: done, failure, busyMs: takesMs, endedAt: ended ? next : null });
    else {
      // Nobody measured the task that killed its slot.
      if (done > from) this.#owner.reported({ segment, from, to: done, failure: null, busyMs: takesMs, endedAt: null });
      this.#owner.reported({ segment, from: done, to: done, failure, busyMs: 0, endedAt: next });
    }
    if (!ended) this.#planReport();
  }

  /** The slot died with its task: a new one takes its place. */
  #restart(): void {
    this.#restarting = true;
    this.#world.later(RESTART_MS, () => {
      this.#restarting = false;
      this.#owner.restarted();
    });
  }
}
