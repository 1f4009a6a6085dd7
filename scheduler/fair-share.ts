import type { Owner } from "../protocol/ids.ts";
import type { JobRun } from "./job-run.ts";

/** Every owner's part of the slots is the same for now. */
const OWNER_WEIGHT = 1;

/** Slot time used, over weight: who has the least is next. */
interface Share {
  usedMs: number;
}

interface OwnerShare extends Share {
  readonly weight: number;
  readonly jobs: Map<JobRun, Share>;
  /** Those of `jobs` that have tasks waiting, in the order in which they came to wait. */
  readonly ready: Set<JobRun>;
  /** Where a job of this owner that becomes ready starts to count. */
  clockMs: number;
}

/**
 * Whose task is next (R7). Owners' slot time converges to their weights; within one owner the higher priority goes
 * first, and equals share as owners do. This is start-time fair queueing (Goyal, Vin, Cheng 1996): what is handed out is
 * charged at its expected cost and corrected when it comes back, and who was away has saved nothing up.
 */
export class FairShare {
  readonly #owners = new Map<Owner, OwnerShare>();
  readonly #ready = new Set<OwnerShare>();
  #clockMs = 0;

  get hasReady(): boolean {
    return this.#ready.size > 0;
  }

  add(job: JobRun): void {
    let owner = this.#owners.get(job.spec.owner);
    if (owner === undefined) {
      owner = { weight: OWNER_WEIGHT, usedMs: 0, jobs: new Map(), ready: new Set(), clockMs: 0 };
      this.#owners.set(job.spec.owner, owner);
    }
    owner.jobs.set(job, { usedMs: 0 });
  }

  remove(job: JobRun): void {
    const owner = this.#owners.get(job.spec.owner);
    if (owner === undefined) return;
    this.setReady(job, false);
    owner.jobs.delete(job);
    if (owner.jobs.size === 0) this.#owners.delete(job.spec.owner);
  }

  /** Tells whether the job has tasks waiting that may be handed out. */
  setReady(job: JobRun, ready: boolean): void {
    const owner = this.#owners.get(job.spec.owner);
    const share = owner?.jobs.get(job);
    if (owner === undefined || share === undefined || owner.ready.has(job) === ready) return;
    if (!ready) {
      owner.ready.delete(job);
      if (owner.ready.size === 0) this.#ready.delete(owner);
      return;
    }
    if (owner.ready.size === 0) {
      owner.usedMs = Math.max(owner.usedMs, this.#clockMs);
      this.#ready.add(owner);
    }
    share.usedMs = Math.max(share.usedMs, owner.clockMs);
    owner.ready.add(job);
  }

  /** Charges slot time to the job and its owner; negative where less was used than was charged before. */
  charge(job: JobRun, slotMs: number): void {
    const owner = this.#owners.get(job.spec.owner);
    const share = owner?.jobs.get(job);
    if (owner === undefined || share === undefined) return;
    owner.usedMs += slotMs / owner.weight;
    share.usedMs += slotMs;
  }

  /** The ready job whose turn it is, of those that `accepts` lets pass. */
  choose(accepts: (job: JobRun) => boolean): JobRun | undefined {
    let bestOwner: OwnerShare | undefined;
    let bestJob: JobRun | undefined;
    for (const owner of this.#ready) {
      if (bestOwner !== undefined && owner.usedMs >= bestOwner.usedMs) continue;
      const job = chooseJob(owner, accepts);
      if (job === undefined) continue;
      bestOwner = owner;
      bestJob = job;
    }
    if (bestOwner !== undefined && bestJob !== undefined) {
      this.#clockMs = Math.max(this.#clockMs, bestOwner.usedMs);
      bestOwner.clockMs = Math.max(bestOwner.clockMs, bestOwner.jobs.get(bestJob)?.usedMs ?? 0);
    }
    return bestJob;
  }

  /** The ready jobs, in no order that means anything. */
  *readyJobs(): Iterable<JobRun> {
    for (const owner of this.#ready) yield* owner.ready;
  }
}

function chooseJob(owner: OwnerShare, accepts: (job: JobRun) => boolean): JobRun | undefined {
  let best: JobRun | undefined;
  let bestUsedMs = Infinity;
  for (const job of owner.ready) {
    const usedMs = owner.jobs.get(job)?.usedMs ?? 0;
    const goesFirst = best === undefined || job.spec.priority > best.spec.priority
      || (job.spec.priority === best.spec.priority && usedMs < bestUsedMs);
    if (!goesFirst || !accepts(job)) continue;
    best = job;
    bestUsedMs = usedMs;
  }
  return best;
}
