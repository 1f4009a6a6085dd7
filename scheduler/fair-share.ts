import type { Owner } from "../protocol/ids.ts";
import type { JobRun } from "./job-run.ts";
import { OwnerJobs } from "./owner-jobs.ts";

/** Where there is no weight for an owner. */
export const DEFAULT_WEIGHT = 1;
/** Who comes goes before who is served just now, by the least that makes a difference. */
const HEAD_START_MS = 1;
/** Who could not be served for long, for want of a Compute Server that fits, catches up on this much time of all slots. */
const CATCH_UP_MS = 10_000;

interface OwnerShare {
  readonly owner: Owner;
  readonly weight: number;
  /** Slot time used, over weight: who has the least is next. */
  usedMs: number;
  readonly jobs: OwnerJobs;
}

/**
 * Whose task is next (R7). Owners' slot time converges to their weights; within one owner priorities decide
 * (owner-jobs.ts). This is start-time fair queueing (Goyal, Vin, Cheng 1996): what is handed out is charged at its
 * expected cost and corrected when it comes back, and who was away has saved nothing up.
 */
export class FairShare {
  /** How many slots there are: bounds what somebody may catch up on. */
  slots = 0;
  readonly #weights: ReadonlyMap<string, number>;
  readonly #owners = new Map<Owner, OwnerShare>();
  readonly #ready = new Set<OwnerShare>();
  /** Owners without jobs who have used more than their share: they do not begin anew with the next job. */
  readonly #resting = new Set<OwnerShare>();
  /** The most that anybody had used when it got a batch. */
  #clockMs = 0;

  constructor(weights: ReadonlyMap<string, number>) {
    this.#weights = weights;
  }

  get hasReady(): boolean {
    return this.#ready.size > 0;
  }

  weightOf(owner: Owner): number {
    return this.#weights.get(owner) ?? DEFAULT_WEIGHT;
  }

  /** The owner's part of the slot time, by the weights of all whose tasks wait or run now. */
  partOf(owner: Owner): number {
    const own = this.weightOf(owner);
    let all = own;
    for (const share of this.#owners.values()) {
      if (share.owner !== owner && (share.jobs.readyCount > 0 || share.jobs.isServed())) all += share.weight;
    }
    return own / all;
  }

  add(job: JobRun): void {
    const { owner } = job.spec;
    this.#forgetRested();
    let share = this.#owners.get(owner);
    if (share === undefined) {
      share = { owner, weight: this.weightOf(owner), usedMs: 0, jobs: new OwnerJobs() };
      this.#owners.set(owner, share);
    }
    this.#resting.delete(share);
    share.jobs.add(job);
  }

  remove(job: JobRun): void {
    const share = this.#owners.get(job.spec.owner);
    if (share === undefined) return;
    this.setReady(job, false);
    share.jobs.remove(job);
    if (share.jobs.size === 0) this.#resting.add(share);
  }

  /** Tells whether the job has tasks waiting that may be handed out. Answers whether that is news. */
  setReady(job: JobRun, ready: boolean): boolean {
    const share = this.#owners.get(job.spec.owner);
    if (share === undefined) return false;
    const before = share.jobs.readyCount;
    if (!share.jobs.setReady(job, ready, HEAD_START_MS)) return false;
    if (before === 0) {
      share.usedMs = Math.max(share.usedMs, this.#nowServedMs() - HEAD_START_MS);
      this.#ready.add(share);
    } else if (share.jobs.readyCount === 0) {
      this.#ready.delete(share);
    }
    return true;
  }

  /** The job was chosen and gets a batch that is expected to cost so much. */
  begin(job: JobRun, slotMs: number): void {
    const share = this.#owners.get(job.spec.owner);
    if (share === undefined) return;
    this.#clockMs = Math.max(this.#clockMs, share.usedMs);
    const lagMs = CATCH_UP_MS * this.slots;
    share.usedMs = Math.max(share.usedMs, this.#clockMs - lagMs / share.weight);
    share.jobs.begin(job, lagMs);
    this.charge(job, slotMs);
  }

  /** Charges slot time to the job and its owner; negative where less was used than was charged before. */
  charge(job: JobRun, slotMs: number): void {
    const share = this.#owners.get(job.spec.owner);
    if (share === undefined) return;
    share.usedMs += slotMs / share.weight;
    share.jobs.charge(job, slotMs, (CATCH_UP_MS * this.slots));
  }

  /** The ready job whose turn it is, of those that `may` lets pass. */
  choose(may: (job: JobRun) => boolean): JobRun | undefined {
    let best: OwnerShare | undefined;
    let bestJob: JobRun | undefined;
    for (const share of this.#ready) {
      if (best !== undefined && share.usedMs >= best.usedMs) continue;
      const job = share.jobs.choose(may);
      if (job === undefined) continue;
      best = share;
      bestJob = job;
    }
    return bestJob;
  }

  /** Whether the one is to have a turn before the other has its next. */
  precedes(one: JobRun, other: JobRun): boolean {
    const [mine, theirs] = [this.#owners.get(one.spec.owner), this.#owners.get(other.spec.owner)];
    if (mine === undefined || theirs === undefined) return false;
    if (mine === theirs) return mine.jobs.precedes(one, other);
    return mine.usedMs <= theirs.usedMs;
  }

  /** The ready jobs, in no order that means anything. */
  *readyJobs(): Iterable<JobRun> {
    for (const { jobs } of this.#ready) yield* jobs.ready();
  }

  /** What those that are served now have used, the least of them: there begins who comes. */
  #nowServedMs(): number {
    let leastMs = Infinity;
    for (const { jobs, usedMs } of this.#owners.values()) if (usedMs < leastMs && jobs.isServed()) leastMs = usedMs;
    return leastMs === Infinity ? this.#clockMs : leastMs;
  }

  /** Who has come to rest is a stranger again once the others have caught up. */
  #forgetRested(): void {
    for (const share of this.#resting) {
      if (share.usedMs > this.#clockMs) continue;
      this.#resting.delete(share);
      this.#owners.delete(share.owner);
    }
  }
}
