import type { Figure } from "../tables/report.ts";
import { batchMean, type Estimate } from "../tables/estimate.ts";

/** What became of a job among saboteurs. */
export interface SaboteurRun {
  /** Share of the accepted results that are wrong. */
  readonly error: number;
  /** Runs of tasks, all checks among them, for each task of the job. */
  readonly work: number;
}

export interface MeasuredRuns {
  readonly error: Estimate;
  readonly work: Estimate;
}

/** Two runs at least. An error of which nothing was seen is as sure as one wrong result in all runs would be. */
export function measured(runs: readonly SaboteurRun[], tasks: number): MeasuredRuns {
  const error = batchMean(runs.map((run) => run.error));
  const seen = 1 / (tasks * runs.length);
  return {
    error: { mean: error.mean, standardError: Math.max(error.standardError, Math.sqrt(Math.max(error.mean, seen) * seen)) },
    work: batchMean(runs.map(({ work }) => work)),
  };
}

/** A figure of what was measured. */
export function drawn({ mean, standardError }: Estimate, rest: Omit<Figure, "ours" | "standardError">): Figure {
  return { ...rest, ours: mean, standardError };
}
