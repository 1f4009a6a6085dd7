import type { TaskMap } from "../../protocol/http/job.ts";
import type { IndexRange } from "../../protocol/index-range.ts";
import type { TaskEnds } from "../archive/archive.ts";

type Bucket = TaskMap["buckets"][number];

/** How the tasks of a job that no longer runs stand, over equal stretches of the index. */
export function taskMapOfEnds(total: number, ends: TaskEnds, wanted: number): TaskMap {
  const count = Math.min(wanted, total);
  const buckets: Bucket[] = [];
  for (let i = 0; i < count; i++) {
    buckets.push({ from: Math.floor((i * total) / count), to: Math.floor(((i + 1) * total) / count), done: 0, failed: 0, running: 0 });
  }
  addDone(buckets, ends.done);
  let at = 0;
  for (const index of ends.failed) {
    while (index >= (buckets[at]?.to ?? Infinity)) at += 1;
    const bucket = buckets[at];
    if (bucket !== undefined) bucket.failed += 1;
  }
  return { total, buckets };
}

/** Ranges ascend, so one walk over both is enough. */
function addDone(buckets: readonly Bucket[], done: readonly IndexRange[]): void {
  let at = 0;
  for (const [from, to] of done) {
    while (from >= (buckets[at]?.to ?? Infinity)) at += 1;
    for (let i = at; i < buckets.length; i++) {
      const bucket = buckets[i];
      if (bucket === undefined || bucket.from >= to) break;
      bucket.done += Math.min(to, bucket.to) - Math.max(from, bucket.from);
    }
  }
}
