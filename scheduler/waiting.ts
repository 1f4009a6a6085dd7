import type { Batch } from "./batch.ts";
import type { JobRun } from "./job-run.ts";

/** Why a job does not run, in words for its submitter; null while it does. */
export function waitingFor(job: JobRun, draining: boolean): string | null {
  if (job.state.kind === "paused") return "It is paused: resume it to go on.";
  if (draining) return "The hub is stopping: it goes on when the hub runs again.";
  const { loadBalancer } = job;
  if (loadBalancer === null) return "No Load Balancer is registered: it waits for one to be started.";
  if (loadBalancer.servers.size === 0) return "No Compute Server is registered: open the page and lend a hand.";
  if (loadBalancer.usableCount === 0) return unusable(loadBalancer.servers.values());
  if ([...job.batches].some(isRunning)) return null;
  if (job.pending.count === 0 && job.retries.waitingCount > 0) {
    const { waitingCount } = job.retries;
    return waitingCount === 1
      ? "One failed task waits for another Compute Server to try it."
      : `${waitingCount} failed tasks wait for another Compute Server to try them.`;
  }
  for (const { server } of job.batches) {
    if (!server.usable) return "All its Compute Servers have lost their link or are paused: they have until their lease ends.";
  }
  return loadBalancer.slots === 1 ? "The only slot is busy with other jobs." : `All ${loadBalancer.slots} slots are busy with other jobs.`;
}

/** A batch that waits on its Compute Server behind others does not run yet. */
function isRunning(batch: Batch): boolean {
  if (!batch.server.usable) return false;
  let position = 0;
  for (const held of batch.server.batches.values()) {
    if (held === batch) break;
    position++;
  }
  return position < batch.server.lanes;
}

function unusable(servers: Iterable<{ readonly connected: boolean }>): string {
  for (const { connected } of servers) if (connected) return "Every Compute Server is paused by its volunteer.";
  return "Every Compute Server has lost its link: they have until their lease ends to come back.";
}
