import type { IndexRange } from "../protocol/index-range.ts";
import type { TaskFailure } from "../protocol/up/outcomes.ts";
import { rightAnswer, wrongAnswer, type SimulatedJob } from "./simulated-job.ts";
import type { OutcomesEvent } from "./world.ts";

/** Of the tasks that a liar's report begins with, one in so many is said to have failed. */
const FALSE_FAILURES_EVERY = 5;

/** Liars are in league: their answers to verified jobs are wrong alike. For one report in a few they say that the tasks failed. */
export function toldOutcomes(
  job: SimulatedJob, done: readonly IndexRange[], failures: readonly TaskFailure[], lies: boolean,
): Pick<OutcomesEvent, "done" | "failures" | "answers"> {
  if (!job.isVerified) return { done, failures };
  const indexes = done.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i));
  if (lies && (indexes[0] ?? 0) % FALSE_FAILURES_EVERY === 1) {
    return { done: [], answers: [], failures: [...indexes.map((index) => job.fail(index, "error")), ...failures] };
  }
  return { done, failures, answers: indexes.map(lies ? wrongAnswer : rightAnswer) };
}
