import type { IndexRange } from "../protocol/index-range.ts";
import type { TaskFailure } from "../protocol/up/outcomes.ts";
import { IndexSet } from "../scheduler/index-set.ts";
import { rightAnswer, wrongAnswer, type SimulatedJob } from "./simulated-job.ts";
import type { SimulatedServer } from "./simulated-server.ts";
import type { OutcomesEvent } from "./world.ts";

type Told = Pick<OutcomesEvent, "done" | "failures" | "answers">;

/** Decides task by task what to tell of verified jobs. */
export interface Saboteur {
  says(server: SimulatedServer, job: SimulatedJob, index: number): "right" | "wrong" | "failed";
}

/** What a saboteur makes of its report. */
export function sabotaged(saboteur: Saboteur, server: SimulatedServer, job: SimulatedJob, done: readonly IndexRange[], failures: readonly TaskFailure[]): Told {
  if (!job.isVerified) return { done, failures };
  const said = done.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => ({ index: from + i, what: saboteur.says(server, job, from + i) })));
  const answered = said.filter(({ what }) => what !== "failed");
  return {
    done: new IndexSet(answered.map(({ index }) => [index, index + 1])).ranges(),
    answers: answered.map(({ index, what }) => (what === "wrong" ? wrongAnswer(index) : rightAnswer(index))),
    failures: [...said.filter(({ what }) => what === "failed").map(({ index }) => job.fail(index, "error")), ...failures],
  };
}

/** Of the tasks that a liar's report begins with, one in so many is said to have failed. */
const FALSE_FAILURES_EVERY = 5;

/** Liars are in league: their answers to verified jobs are wrong alike. For one report in a few they say that the tasks failed. */
export function toldOutcomes(
  job: SimulatedJob, done: readonly IndexRange[], failures: readonly TaskFailure[], lies: boolean,
): Told {
  if (!job.isVerified) return { done, failures };
  const indexes = done.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i));
  if (lies && (indexes[0] ?? 0) % FALSE_FAILURES_EVERY === 1) {
    return { done: [], answers: [], failures: [...indexes.map((index) => job.fail(index, "error")), ...failures] };
  }
  return { done, failures, answers: indexes.map(lies ? wrongAnswer : rightAnswer) };
}
