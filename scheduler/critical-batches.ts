import type { Batch } from "./batch.ts";
import type { ComputeServer } from "./compute-server.ts";
import { isLateAtMs, leftMs, wholeMs } from "./copying.ts";
import type { JobRun } from "./job-run.ts";

/** They are looked for this often: each time all Compute Servers are looked at. */
const FIND_EVERY_MS = 1000;
/** No more are kept, those first that began first: each Compute Server with room is asked about each. */
const MAX_FOUND = 64;

/**
 * Late batches that are expected to outlast all of their job that waits: the end of the job will be theirs, unless
 * somebody faster runs them too before it comes.
 */
export class CriticalBatches {
  #found: readonly Batch[] = [];
  #foundAtMs = -Infinity;

  /** Those that this Compute Server, one of all `servers`, should run too. `totalSpeed`: of all slots. */
  savedBy(server: ComputeServer, servers: Iterable<ComputeServer>, totalSpeed: number, nowMs: number): readonly Batch[] {
    if (nowMs >= this.#foundAtMs + FIND_EVERY_MS) {
      this.#foundAtMs = nowMs;
      this.#found = findCritical(servers, totalSpeed, nowMs).sort((a, b) => a.startsAtMs - b.startsAtMs || a.batchId - b.batchId).slice(0, MAX_FOUND);
    }
    return this.#found.filter((batch) => savesTheEnd(batch, server, totalSpeed, nowMs));
  }
}

function findCritical(servers: Iterable<ComputeServer>, totalSpeed: number, nowMs: number): Batch[] {
  const critical: Batch[] = [];
  for (const server of servers) {
    for (const batch of server.batches.values()) {
      const { job } = batch;
      if (job.waitingCount === 0 || job.state.kind !== "running" || isLateAtMs(batch) > nowMs) continue;
      if (leftMs([batch], nowMs) > drainMs(job, totalSpeed)) critical.push(batch);
    }
  }
  return critical;
}

/** Whether the Compute Server, starting over, is expected to be done with the batch before all that waits of its job is. */
function savesTheEnd(batch: Batch, server: ComputeServer, totalSpeed: number, nowMs: number): boolean {
  // Its job may have been paused since it was found.
  return batch.job.state.kind === "running" && wholeMs([batch], server, nowMs) <= drainMs(batch.job, totalSpeed);
}

/** How long all Compute Servers together take for what waits of the job. */
function drainMs(job: JobRun, totalSpeed: number): number {
  return totalSpeed > 0 ? (job.waitingCount * (job.timing.meanTaskMs ?? 0)) / totalSpeed : 0;
}
