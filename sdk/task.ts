/** What a task knows of itself: the second parameter of a job's function. Type only, there is no code to import. */
export interface Task {
  /** Which task of the job, from 0. */
  readonly index: number;
  readonly jobId: string;
  /** Aborted when the task is to stop. */
  readonly signal: AbortSignal;
  /** Tells how far it is, 0 to 1. */
  progress(fraction: number): void;
  /** A line for the submitter to read. */
  log(...items: readonly unknown[]): void;
  /** Uniform in [0, 1), seeded by job and index: the same task draws the same numbers everywhere. `Math.random` too. */
  random(): number;
}
