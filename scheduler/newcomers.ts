import type { Batch } from "./batch.ts";
import type { ComputeServer } from "./compute-server.ts";
import type { JobRun } from "./job-run.ts";

/** So many Compute Servers are looked at: where there are more, some of them have room in a moment anyway. */
const LOOKED_AT = 256;
/** So many places at most are asked back for one job: with the answers of its first tasks it gets on by itself. */
const PLACES = 16;

/** What a Load Balancer says of a newcomer. */
interface Claims {
  /** The slots that its owner's weight comes to. */
  slotsDue(job: JobRun): number;
  /** Whether the batch, which waits behind a running one, is to give way to the job, and the job would have its place. */
  givesWay(batch: Batch, job: JobRun): boolean;
}

/**
 * Jobs that have just come. One that finds all slots and all places behind them taken gets places back, once, as many as
 * its part of the slots: it starts when the batches that run there are over, and not behind two.
 */
export class Newcomers {
  readonly #arrived = new Set<JobRun>();
  /** How many of the places that come free are theirs, whoever's turn it is. */
  readonly #called = new Map<JobRun, number>();

  /** It has tasks waiting, and nothing of it runs. */
  arrived(job: JobRun): void {
    this.#arrived.add(job);
  }

  /** It has no tasks waiting any more, or is gone. */
  left(job: JobRun): void {
    this.#arrived.delete(job);
    this.#called.delete(job);
  }

  /** It was given a batch. */
  served(job: JobRun): void {
    const places = this.#called.get(job);
    if (places === undefined) return;
    if (places > 1) this.#called.set(job, places - 1);
    else this.#called.delete(job);
  }

  /** The first for whom a place was asked back, of those that `may` lets pass. */
  next(may: (job: JobRun) => boolean): JobRun | undefined {
    for (const job of this.#called.keys()) if (may(job)) return job;
    return undefined;
  }

  /** The batches to ask back for those who have arrived since this was asked last, and found no room. */
  makeRoom(servers: Iterable<ComputeServer>, claims: Claims): Batch[] {
    const asked: Batch[] = [];
    for (const job of this.#arrived) {
      if (job.batches.size > 0 || job.waitingCount === 0) continue;
      const places = Math.max(1, Math.min(PLACES, job.waitingCount, Math.floor(claims.slotsDue(job))));
      const batches = nearest(servers, places, (batch) => claims.givesWay(batch, job));
      if (batches.length === 0) continue;
      for (const batch of batches) batch.askedBack = true;
      asked.push(...batches);
      this.#called.set(job, batches.length);
    }
    this.#arrived.clear();
    return asked;
  }
}

/** Of the batches that wait behind a running one and that `may` give way, those whose turn is nearest. */
function nearest(servers: Iterable<ComputeServer>, count: number, may: (batch: Batch) => boolean): Batch[] {
  const found: { readonly batch: Batch; readonly freeAtMs: number }[] = [];
  let lookedAt = 0;
  for (const server of servers) {
    if (++lookedAt > LOOKED_AT) break;
    if (!server.usable) continue;
    let freeAtMs = Infinity;
    let position = 0;
    for (const batch of server.batches.values()) {
      if (position++ < server.lanes) freeAtMs = Math.min(freeAtMs, batch.dueAtMs);
      else if (!batch.askedBack && !batch.copy && may(batch)) found.push({ batch, freeAtMs });
    }
  }
  found.sort((a, b) => a.freeAtMs - b.freeAtMs || a.batch.batchId - b.batch.batchId);
  return found.slice(0, count).map(({ batch }) => batch);
}
