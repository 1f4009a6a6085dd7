import type { JobState } from "../protocol/http/job.ts";
import type { IndexRange, IndexRanges } from "../protocol/index-range.ts";
import { LIMITS } from "../protocol/limits.ts";
import type { Batch } from "./batch.ts";
import type { ComputeServer } from "./compute-server.ts";
import { Copies } from "./copies.ts";
import type { JobSpec, RestoredJob } from "./event.ts";
import { IndexSet } from "./index-set.ts";
import { JobPace } from "./job-pace.ts";
import { keysWithin } from "./keys-within.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import { RateMeter } from "./rate-meter.ts";
import { mayRunOn } from "./requirements.ts";
import { Retries, type FailedAttempt, type UsableServers } from "./retries.ts";
import { TaskTiming } from "./task-timing.ts";

/** A job that has not ended. `startedAtMs` is null where only the archive knows it. */
type RunState =
  | { readonly kind: "queued" }
  | { readonly kind: "running"; readonly startedAtMs: number | null }
  | { readonly kind: "paused"; readonly resumeAs: { readonly kind: "queued" } | { readonly kind: "running"; readonly startedAtMs: number | null } };

/** "recorded": that was its last attempt. "again": it will run again, or does elsewhere. "ignored": known, or no matter. */
type FailureVerdict = { readonly kind: "recorded"; readonly attempts: number } | { readonly kind: "again" | "ignored" };

/**
 * The tasks of one job, as numbers. Each index is in exactly one place: `done`, `failed`, waiting (`pending` or
 * `retries`), or in flight (`left` of one batch, or of several where it was copied). What is in flight is never listed:
 * it is what remains.
 */
export class JobRun {
  readonly spec: JobSpec;
  readonly pending = new IndexSet();
  readonly done: IndexSet;
  readonly failed = new IndexSet();
  readonly batches = new Set<Batch>();
  readonly copies = new Copies();
  readonly timing = new TaskTiming();
  readonly rate = new RateMeter();
  readonly pace = new JobPace();
  state: RunState = { kind: "queued" };
  /** Null while none is registered. */
  loadBalancer: LoadBalancer | null = null;
  /** `waitingCount` when the Load Balancer looked last. */
  waitingBefore = 0;
  readonly retries: Retries;
  readonly #finished: Batch[] = [];

  constructor(job: JobSpec | RestoredJob) {
    this.spec = job;
    this.retries = new Retries(job.maxAttempts, job.taskTimeoutMs);
    this.done = new IndexSet("done" in job ? job.done : []);
    this.pending.add(0, job.tasks);
    for (const [from, to] of this.done.ranges()) this.pending.remove(from, to);
    if (!("state" in job)) return;
    for (const index of job.failed) if (this.pending.remove(index, index + 1) > 0) this.failed.add(index, index + 1);
    const started = job.state === "queued" ? { kind: "queued" as const } : { kind: "running" as const, startedAtMs: null };
    this.state = job.state === "paused" ? { kind: "paused", resumeAs: started } : started;
  }

  /** Tasks that no Compute Server holds. */
  get waitingCount(): number {
    return this.pending.count + this.retries.waitingCount;
  }

  /** Tasks that Compute Servers hold, each counted once. */
  get inFlightCount(): number {
    return this.spec.tasks - this.done.count - this.failed.count - this.waitingCount;
  }

  /** The state that the job ends in, once all its tasks have ended. */
  get ending(): Extract<JobState, "completed" | "failed"> | null {
    if (this.done.count + this.failed.count < this.spec.tasks) return null;
    return this.failed.count > 0 ? "failed" : "completed";
  }

  hasWorkFor(server: ComputeServer, nowMs: number, usable: UsableServers): boolean {
    if (this.state.kind === "paused" || !mayRunOn(this, server)) return false;
    return this.pending.count > 0 || this.retries.mayTake(server.computeServerId, nowMs, usable);
  }

  /** Until it is measured there, a Compute Server gets one batch of the job a lane: it tells how long the next may be. */
  mayAddTo(server: ComputeServer): boolean {
    if (this.timing.profile(server) !== undefined) return true;
    let held = 0;
    for (const batch of server.batches.values()) if (batch.job === this) held++;
    return held < server.lanes;
  }

  /** Takes waiting tasks out for a batch there, failed ones first. */
  cut(size: number, server: ComputeServer, nowMs: number, usable: UsableServers): IndexRanges {
    const taken = new IndexSet();
    this.retries.take(Math.min(size, LIMITS.rangesPerMessage), server.computeServerId, nowMs, usable, taken);
    const room = LIMITS.rangesPerMessage - taken.rangeCount;
    for (const [from, to] of this.pending.takeFirst(size - taken.count, room)) taken.add(from, to);
    return taken.ranges();
  }

  /**
   * Ends these tasks as done, as far as they exist and had not ended before: those are answered. `by` reported them, if
   * it is still the batch of its Compute Server.
   */
  finish(ranges: IndexRanges, by: Batch | undefined): IndexRange[] {
    const accepted: IndexRange[] = [];
    for (const [from, to] of ranges) {
      for (const [start, end] of this.notEnded(from, to)) {
        this.#end(start, end, by);
        this.done.add(start, end);
        accepted.push([start, end]);
      }
      by?.left.remove(from, to);
    }
    return accepted;
  }

  /** Takes in a failed attempt, reported by the batch `by` if that is still its Compute Server's own. */
  fail(index: number, attempt: FailedAttempt, by: Batch | undefined, nowMs: number): FailureVerdict {
    if (this.notEnded(index, index + 1).length === 0) {
      by?.left.remove(index, index + 1);
      return { kind: "ignored" };
    }
    // Who was not given the task, or lost it, cannot fail it: a forger could end whole jobs (R5). It runs elsewhere, or will.
    if (by === undefined || by.left.remove(index, index + 1) === 0) return { kind: "ignored" };
    this.#shrink(by, 1);
    const runsElsewhere = this.copies.leave(by, index, index + 1).length > 0;
    this.retries.note(index, attempt);
    const attempts = this.retries.attempts.get(index)?.length ?? 0;
    if (this.retries.isExhausted(index)) {
      this.#end(index, index + 1, undefined);
      this.failed.add(index, index + 1);
      return { kind: "recorded", attempts };
    }
    if (!runsElsewhere) this.retries.wait(index, nowMs);
    return { kind: "again" };
  }

  /** Tasks that the batch will not run wait again, unless they ended or run elsewhere. Answers how many it held. */
  putBack(batch: Batch, ranges: IndexRanges, nowMs: number): number {
    let held = 0;
    for (const range of ranges) {
      for (const [from, to] of batch.left.within(range[0], range[1])) {
        held += batch.left.remove(from, to);
        for (const [start, end] of this.notEnded(from, to)) {
          this.#shrink(batch, end - start);
          this.#waitAgain(start, end, batch, nowMs);
        }
      }
    }
    return held;
  }

  /** Batches of which no task is open any more, since this was asked last. */
  takeFinished(): Batch[] {
    return this.#finished.splice(0);
  }

  /** All recorded failures are void: their tasks wait again, with all their attempts. Returns whether there were any. */
  forgetFailures(): boolean {
    const ranges = this.failed.ranges();
    for (const [from, to] of ranges) {
      this.failed.remove(from, to);
      this.pending.add(from, to);
    }
    return ranges.length > 0;
  }

  #waitAgain(from: number, to: number, batch: Batch, nowMs: number): void {
    this.pending.add(from, to);
    for (const index of this.copies.leave(batch, from, to)) this.pending.remove(index, index + 1);
    for (const index of keysWithin(this.retries.attempts, from, to)) {
      if (this.pending.remove(index, index + 1) > 0) this.retries.wait(index, nowMs);
    }
  }

  /** The parts whose tasks exist and have not ended. */
  notEnded(from: number, to: number): IndexRange[] {
    const notDone = this.done.gaps(from, Math.min(to, this.spec.tasks));
    if (this.failed.count === 0) return notDone;
    return notDone.flatMap(([start, end]) => this.failed.gaps(start, end));
  }

  /** Takes tasks that end out of wherever they are: waiting, or in batches, whose `left` keeps them until they are reported. */
  #end(from: number, to: number, by: Batch | undefined): void {
    let elsewhere = to - from - this.pending.remove(from, to);
    for (const index of keysWithin(this.retries.attempts, from, to)) {
      if (this.retries.stopWaiting(index)) elsewhere--;
      this.retries.forget(index);
    }
    const own = by?.left.countWithin(from, to) ?? 0;
    if (by !== undefined && own > 0) this.#shrink(by, own);
    const holders = this.copies.end(from, to);
    if (elsewhere > own) {
      // Rare: an outcome of a batch that was given up, while others run its tasks.
      for (const batch of this.batches) if (batch !== by) this.#shrink(batch, batch.left.countWithin(from, to));
    } else {
      for (const holder of holders) if (holder !== by) this.#shrink(holder, 1);
    }
  }

  #shrink(batch: Batch, tasks: number): void {
    if (tasks === 0) return;
    batch.open -= tasks;
    if (batch.open === 0) this.#finished.push(batch);
  }
}
