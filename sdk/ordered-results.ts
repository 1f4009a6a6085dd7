import { countIndexes, type IndexRange } from "../protocol/index-range.ts";
import { ENDED_STATES, type Job } from "../protocol/http/job.ts";
import type { ResultLine } from "../protocol/http/result.ts";
import type { HubClient } from "./hub-client.ts";
import { HubError } from "./hub-error.ts";
import { jobEvents } from "./job-events.ts";
import { Retry, type RetryOptions } from "./retry.ts";

export interface OrderedResultsOptions extends RetryOptions {
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

  /** Reads on from `next`, after an interruption from where it stopped. */
  async function* readOn(end: number, stopAtGap: boolean): AsyncGenerator<ResultLine> {
    const retry = new Retry(options);
    while (!retry.stopped && next < end) {
      try {
        for await (const line of client.results(jobId, { from: next, failures: true, ...(end === Infinity ? {} : { to: end }) })) {
          if (stopAtGap && line.index !== next) return;
          retry.answered();
          next = line.index + 1;
          yield line;
        }
        return;
      } catch (error) {
        if (!(error instanceof HubError)) throw error;
        retry.failed(error);
      }
      await retry.wait();
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
        yield* readOn(Infinity, true);
      }
      if (ENDED_STATES.includes(event.job.state)) break;
    }
    told = from(told, next);
    const ready = told[0];
    if (ready !== undefined && ready[0] <= next) yield* readOn(ready[1], true);
  }
  if (options.signal?.aborted === true) return;
  // A cancelled job has gaps for good.
  yield* readOn(Infinity, false);
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
