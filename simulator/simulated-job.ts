import type { Requirements } from "../protocol/http/job-options.ts";
import type { JobState } from "../protocol/http/job.ts";
import type { TaskFailure } from "../protocol/up/outcomes.ts";
import type { JobSpec } from "../scheduler/event.ts";
import { IndexSet } from "../scheduler/index-set.ts";
import type { PlacementName } from "../scheduler/placement/policies.ts";
import type { Verification } from "../scheduler/verification/verification.ts";
import { HeldBooks } from "./held-books.ts";

/** What a simulated job is made of. */
export interface NewJob {
  readonly tasks: number;
  /** Work of one task: milliseconds in a slot of speed 1. The same index gives the same length, wherever it runs. */
  readonly lengthMs: (index: number) => number;
  readonly owner?: string;
  readonly priority?: number;
  readonly policy?: PlacementName;
  readonly requires?: Requirements;
  readonly verification?: Verification;
  readonly maxAttempts?: number;
  readonly taskTimeoutMs?: number;
  /** How often a task fails before it succeeds. */
  readonly failures?: (index: number) => number;
  readonly failureKind?: TaskFailure["kind"];
}

/** A job as the world keeps its books of it: what it was told, and what was commanded about it. */
export class SimulatedJob {
  readonly spec: JobSpec;
  readonly submittedAtMs: number;
  readonly lengthMs: (index: number) => number;
  readonly accepted = new IndexSet();
  readonly recorded = new IndexSet();
  /** Answers that are held and neither accepted nor void. */
  readonly held = new HeldBooks();
  state: JobState = "queued";
  endedAtMs = Infinity;
  /** Accepted outcomes of lying Compute Servers. */
  wrongAccepted = 0;
  readonly #failures: (index: number) => number;
  readonly #failureKind: TaskFailure["kind"];
  /** Failed runs of each task that failed. */
  readonly #failedRuns = new Map<number, number>();

  constructor(spec: JobSpec, job: NewJob, submittedAtMs: number) {
    this.spec = spec;
    this.submittedAtMs = submittedAtMs;
    this.lengthMs = job.lengthMs;
    this.#failures = job.failures ?? (() => 0);
    this.#failureKind = job.failureKind ?? "error";
  }

  get isVerified(): boolean {
    return this.spec.verification !== undefined && this.spec.verification.kind !== "first";
  }

  get hasEnded(): boolean {
    return this.state === "completed" || this.state === "failed" || this.state === "cancelled";
  }

  /** Tasks that failed at least once: they may have to wait for another Compute Server than the one they failed on. */
  get failedOnce(): number {
    return this.#failedRuns.size;
  }

  willFail(index: number): boolean {
    return (this.#failedRuns.get(index) ?? 0) < this.#failures(index);
  }

  /** What one more run of the task comes to; null where it succeeds. */
  run(index: number): TaskFailure | null {
    return this.willFail(index) ? this.fail(index, this.#failureKind) : null;
  }

  fail(index: number, kind: TaskFailure["kind"]): TaskFailure {
    const runs = (this.#failedRuns.get(index) ?? 0) + 1;
    this.#failedRuns.set(index, runs);
    return { index, kind, message: `run ${runs}`, stack: `at task ${index}` };
  }

  /** Work of all its tasks, and of the longest, in milliseconds at speed 1. */
  work(): { readonly totalMs: number; readonly longestMs: number } {
    let totalMs = 0;
    let longestMs = 0;
    for (let index = 0; index < this.spec.tasks; index++) {
      const lengthMs = this.lengthMs(index);
      totalMs += lengthMs;
      longestMs = Math.max(longestMs, lengthMs);
    }
    return { totalMs, longestMs };
  }
}

export function rightAnswer(index: number): string {
  return `right ${index}`;
}

export function wrongAnswer(index: number): string {
  return `wrong ${index}`;
}
