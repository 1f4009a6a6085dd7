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
import { SlotDeaths } from "./slot-deaths.ts";
import { TaskTiming } from "./task-timing.ts";
import type { JobVerification } from "./verification/job-verification.ts";
import { verificationOf, type VerificationSettings } from "./verification/verification-of.ts";

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
 * it is what remains. In a verified job a task may be provisional, too: it has answers and none is accepted. Then it does not
 * wait, and may be in flight besides, for one more answer.
 */
export class JobRun {
  readonly spec: JobSpec;
  readonly pending = new IndexSet();
  readonly done: IndexSet;
  readonly failed = new IndexSet();
  readonly batches = new Set<Batch>();
  readonly copies: Copies;
  /** Null where the first answer is accepted. */
  readonly verification: JobVerification | null;
  readonly timing = new TaskTiming();
  readonly rate = new RateMeter();
  readonly pace = new JobPace();
  readonly slotDeaths = new SlotDeaths();
  state: RunState = { kind: "queued" };
  /** Null while none is registered. */
  loadBalancer: LoadBalancer | null = null;
  /** `takeableCount` when the Load Balancer looked last. */
  takeableBefore = 0;
  readonly retries: Retries;
  readonly #finished: Batch[] = [];

  constructor(job: JobSpec | RestoredJob, settings: VerificationSettings = { seed: 1, saboteurShare: 0 }) {
    this.spec = job;
    this.verification = verificationOf(job, settings);
    this.copies = new Copies(this.verification !== null);
    this.retries = new Retries(job.maxAttempts, job.taskTimeoutMs, this.verification?.volunteersNeeded);
    this.done = new IndexSet("done" in job ? job.done : []);
    this.pending.add(0, job.tasks);
    for (const [from, to] of this.done.ranges()) this.pending.remove(from, to);
    if (!("state" in job)) return;
    for (const index of job.failed) if (this.pending.remove(index, index + 1) > 0) this.failed.add(index, index + 1);
    if (this.verification !== null) this.#restoreAnswers(this.verification, job);
    const started = job.state === "queued" ? { kind: "queued" as const } : { kind: "running" as const, startedAtMs: null };
    this.state = job.state === "paused" ? { kind: "paused", resumeAs: started } : started;
  }

  /** Tasks that no Compute Server holds, and those that want one more answer. */
  get waitingCount(): number {
    return this.openCount + (this.verification?.wantedCount ?? 0);
  }

  /** Of `waitingCount`, those that may be handed out now. */
  get takeableCount(): number {
    return this.waitingCount - this.pending.count + Math.min(this.pending.count, this.#room);
  }

  /** Tasks without an answer that no Compute Server holds. */
  get openCount(): number {
    return this.pending.count + this.retries.waitingCount;
  }

  /** Tasks with answers, none of them accepted. */
  get provisionalCount(): number {
    return this.verification?.provisionalCount ?? 0;
  }

  /** Tasks without an answer that Compute Servers hold, each counted once. */
  get inFlightCount(): number {
    return this.spec.tasks - this.done.count - this.failed.count - this.openCount - this.provisionalCount;
  }

  /** Its tasks end slots, and give no answers. */
  get isHarmful(): boolean {
    return this.slotDeaths.areTooMany && this.done.count === 0 && this.provisionalCount === 0 && this.ending === null;
  }

  /** The state that the job ends in, once all its tasks have ended. */
  get ending(): Extract<JobState, "completed" | "failed"> | null {
    if (this.done.count + this.failed.count < this.spec.tasks) return null;
    return this.failed.count > 0 ? "failed" : "completed";
  }

  hasWorkFor(server: ComputeServer, nowMs: number, usable: UsableServers): boolean {
    if (this.state.kind === "paused" || !mayRunOn(this, server)) return false;
    if (this.verification?.isCaught(server.computeServerId) === true) return false;
    return this.#newTasksFor(server) > 0 || this.retries.mayTake(server.computeServerId, nowMs, usable) || this.verification?.hasWantedFor(server, nowMs) === true;
  }

  /** Until it is measured there, a Compute Server gets one batch of the job a lane: it tells how long the next may be. */
  mayAddTo(server: ComputeServer): boolean {
    if (this.timing.profile(server) !== undefined) return true;
    let held = 0;
    for (const batch of server.batches.values()) if (batch.job === this) held++;
    return held < server.lanes;
  }

  /** Whether this task may run there beside those who run it already. */
  mayCopy(index: number, holders: readonly Batch[], server: ComputeServer): boolean {
    if (holders.some((holder) => holder.server === server)) return false;
    if (this.verification === null) return true;
    return this.verification.mayAnswer(server, index) && holders.every((holder) => holder.server.volunteer !== server.volunteer);
  }

  /** Takes waiting tasks out for a batch there: those that want one more answer, then failed ones, then new ones. */
  cut(size: number, server: ComputeServer, nowMs: number, usable: UsableServers): IndexRanges {
    const taken = new IndexSet();
    const newTasks = this.#newTasksFor(server);
    if (this.verification !== null && (newTasks === 0 || this.verification.mayAudit(server))) this.#takeWanted(this.verification, size, server, nowMs, taken);
    this.retries.take(Math.min(size, LIMITS.rangesPerMessage), server.computeServerId, nowMs, usable, taken);
    const room = LIMITS.rangesPerMessage - taken.rangeCount;
    for (const [from, to] of this.pending.takeFirst(Math.min(size - taken.count, newTasks), room)) taken.add(from, to);
    if (this.verification !== null && this.pending.count === 0) this.closeWindows(this.verification, server, nowMs);
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
      this.giveUp(index);
      return { kind: "recorded", attempts };
    }
    if (this.verification?.isProvisional(index) === true) this.verification.abstained(attempt.computeServerId, index, nowMs);
    else if (!runsElsewhere) this.retries.wait(index, nowMs);
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

  /** Ends a task as failed. */
  giveUp(index: number): void {
    this.#end(index, index + 1, undefined);
    this.failed.add(index, index + 1);
    this.verification?.drop(index);
  }

  /** Its Compute Server reports the task, which may want more answers: the batch is done with it. Answers whether it held it. */
  answered(index: number, batch: Batch | undefined): boolean {
    if (batch === undefined || batch.left.remove(index, index + 1) === 0) return false;
    if (this.notEnded(index, index + 1).length > 0) this.#shrink(batch, 1);
    this.copies.leave(batch, index, index + 1);
    return true;
  }

  /** The task has no answer any more: it waits, where nobody runs it. */
  runAgain(index: number, nowMs: number): void {
    if (this.copies.isHeld(index) || this.notEnded(index, index + 1).length === 0) return;
    if (this.retries.attempts.has(index)) this.retries.wait(index, nowMs);
    else this.pending.add(index, index + 1);
  }

  noteCopies(ranges: IndexRanges, original: Batch, copy: Batch): void {
    for (const [from, to] of ranges) for (let index = from; index < to; index++) this.copies.add(index, original, copy);
  }

  /** In a verified job it is known who runs what. */
  noteHolder(ranges: IndexRanges, batch: Batch, verification: JobVerification, nowMs: number): void {
    for (const [from, to] of ranges) {
      for (let index = from; index < to; index++) {
        this.copies.hold(index, batch);
        verification.alsoAsked(batch.server, index, nowMs);
      }
    }
  }

  /** A batch of the job has ended there. Where no new task is left, and it holds no other, it gives no first answers for now. */
  heldNoMore(server: ComputeServer): void {
    if (this.verification === null || this.pending.count > 0) return;
    for (const { job } of server.batches.values()) if (job === this) return;
    this.verification.closeWindow(server.computeServerId);
  }

  /** When the next waiting task may run where it may not now; Infinity where none waits for that. */
  patienceEndsAtMs(nowMs: number): number {
    return Math.min(this.retries.patienceEndsAtMs(nowMs), this.verification?.patienceEndsAtMs(nowMs) ?? Infinity);
  }

  /** No new task is left: who has none under way gives no first answers for now. `but`: who just gets the last ones. */
  closeWindows(verification: JobVerification, but: ComputeServer | undefined, nowMs: number): void {
    const busy = new Set([...this.batches].map(({ server }) => server.computeServerId));
    if (but !== undefined) busy.add(but.computeServerId);
    verification.closeWindows(nowMs, (computeServerId) => busy.has(computeServerId));
  }

  /** What is under way may all come back as answers that wait for others: so much may be begun besides. */
  get #room(): number {
    return this.verification === null ? Infinity : Math.max(0, this.verification.room - this.inFlightCount);
  }

  /** Answers of who is vouched for do not wait. */
  #newTasksFor(server: ComputeServer): number {
    return server.vouched ? this.pending.count : Math.min(this.pending.count, this.#room);
  }

  #restoreAnswers(verification: JobVerification, { held = [] }: RestoredJob): void {
    const open = held.filter(({ index }) => this.pending.has(index));
    for (const { index } of open) this.pending.remove(index, index + 1);
    verification.restore(open, this.spec.createdAtMs);
  }

  #takeWanted(verification: JobVerification, size: number, server: ComputeServer, nowMs: number, taken: IndexSet): void {
    while (taken.count < size && taken.rangeCount < LIMITS.rangesPerMessage) {
      const index = verification.takeWanted(server, nowMs);
      if (index === undefined) return;
      taken.add(index, index + 1);
    }
  }

  #waitAgain(from: number, to: number, batch: Batch, nowMs: number): void {
    this.pending.add(from, to);
    for (const index of this.copies.leave(batch, from, to)) this.pending.remove(index, index + 1);
    if (this.verification !== null) this.#stopAsking(this.verification, from, to, batch, nowMs);
    for (const index of keysWithin(this.retries.attempts, from, to)) {
      if (this.pending.remove(index, index + 1) > 0) this.retries.wait(index, nowMs);
    }
  }

  /** What has answers does not wait, but may want another one now. */
  #stopAsking(verification: JobVerification, from: number, to: number, batch: Batch, nowMs: number): void {
    for (let index = from; index < to; index++) {
      if (!verification.isProvisional(index)) continue;
      this.pending.remove(index, index + 1);
      verification.gaveUp(batch.server.computeServerId, index, nowMs);
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
    if (elsewhere > own && !this.copies.areComplete) {
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
