import { GridError } from "../../protocol/grid-error.ts";
import { LIMITS } from "../../protocol/limits.ts";

/** How many of `start`, `start + step`, … come before `end`, by the very sum that computes each input. */
export function countRange(start: number, end: number, step: number): number {
  const isBeforeEnd = (index: number) => (step > 0 ? start + index * step < end : start + index * step > end);
  const estimate = Math.ceil((end - start) / step);
  if (!(estimate <= LIMITS.jobTasks)) {
    throw new GridError("invalid-request", `Cannot take this range: it has more than ${LIMITS.jobTasks} inputs, the limit of one job. Take a larger step or several jobs.`);
  }
  // The quotient is rounded, and so is each sum: the two can disagree at the end by one.
  let tasks = Math.max(estimate, 1);
  while (tasks > 1 && !isBeforeEnd(tasks - 1)) tasks--;
  if (tasks < LIMITS.jobTasks && isBeforeEnd(tasks)) tasks++;
  if (start + (tasks - 1) * step === start + (tasks - 2) * step || start + step === start) {
    throw new GridError("invalid-request", `Cannot take this range: the step ${step} is too small to change a number of this size, so inputs would repeat.`);
  }
  return tasks;
}
