import { countIndexes, type IndexRange } from "../protocol/index-range.ts";
import { ENDED_STATES, type Job } from "../protocol/http/job.ts";
import type { ResultLine } from "../protocol/http/result.ts";
import type { HubClient } from "./hub-client.ts";
import { jobEvents, type JobEventsOptions } from "./job-events.ts";

export interface OrderedResultsOptions extends JobEventsOptions {
  /** Told how the job stands, at every change; the last one has ended. */
  readonly onJob?: (job: Job) => void;
}

/**
 * The results of a job in index order, each as soon as it and all before it are there, failed tasks among them as
 * lines with an `error`. Ends with the job. Throws HubError.
 */
export async function* orderedResults(client: HubClient, jobId: string, options: OrderedResultsOptions = {}): AsyncGenerator<ResultLine> {
  let next = 0;
  let told: readonly IndexRange[] = [];
  let endedWhenAsked = 0;

  async function* readUntilGap(to: number | undefined): AsyncGenerator<ResultLine> {
    for await (const line of client.results(jobId, { from: next, failures: true, ...(to === undefined ? {} : { to }) })) {
      if (line.index !== next) return;
      next++;
      yield line;
    }
  }

  for await (const event of jobEvents(client, jobId, options)) {
    if (event.type === "results") {
      told = union(told, event.ranges);
    } else if (event.type === "job") {
      options.onJob?.(event.job);
      const { done, failed } = event.job.tasks;
      // More has ended than the events told (a failed task, or what ended before the stream began): look at once.
      if (done + failed > next + countIndexes(from(told, next)) && done + failed > endedWhenAsked) {
        endedWhenAsked = done + failed;
        yield* readUntilGap(undefined);
      }
      if (ENDED_STATES.includes(event.job.state)) break;
    }
    told = from(told, next);
    const ready = told[0];
    if (ready !== undefined && ready[0] <= next) yield* readUntilGap(ready[1]);
  }
  if (options.signal?.aborted === true) return;
  // A cancelled job has gaps for good.
  yield* client.results(jobId, { from: next, failures: true });
}

/** The part of ascending ranges that begins at `start`. */
function from(ranges: readonly IndexRange[], start: number): readonly IndexRange[] {
  return ranges.flatMap(([first, end]): IndexRange[] => (end <= start ? [] : [[Math.max(first, start), end]]));
}

/** Ascending, not touching. */
function union(some: readonly IndexRange[], more: readonly IndexRange[]): readonly IndexRange[] {
  const joined: [number, number][] = [];
  for (const [first, end] of [...some, ...more].sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last !== undefined && first <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([first, end]);
  }
  return joined;
}
