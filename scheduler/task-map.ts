import type { JobRun } from "./job-run.ts";
import type { TaskBucket } from "./snapshot.ts";

/** How the tasks stand over at most `buckets` stretches of the index, as equal as they can be. Costs ranges, not tasks. */
export function taskMap(job: JobRun, buckets: number): TaskBucket[] {
  const { tasks } = job.spec;
  const count = Math.max(1, Math.min(buckets, tasks));
  const map: TaskBucket[] = [];
  for (let i = 0; i < count; i++) {
    const from = Math.floor((tasks * i) / count);
    const to = Math.floor((tasks * (i + 1)) / count);
    const done = job.done.countWithin(from, to);
    const failed = job.failed.countWithin(from, to);
    const waiting = job.pending.countWithin(from, to) + job.retries.countWithin(from, to);
    map.push({ from, to, done, failed, running: to - from - done - failed - waiting });
  }
  return map;
}
