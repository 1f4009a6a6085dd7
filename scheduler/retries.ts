import type { BatchId, ComputeServerId } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";
import type { FailureKind } from "../protocol/up/outcomes.ts";
import { IndexSet } from "./index-set.ts";

/** A task that killed its slot this often is blamed itself, however many attempts its job allows. */
const MAX_SLOT_DEATHS = 3;

/** One failed run of a task. */
export interface FailedAttempt {
  readonly computeServerId: ComputeServerId;
  readonly batchId: BatchId;
  readonly kind: FailureKind;
  readonly volunteer: string;
  readonly vouched: boolean;
}

/** Tells a retry which Compute Servers could run it instead. */
export interface UsableServers {
  readonly usableCount: number;
  isUsable(computeServerId: ComputeServerId): boolean;
}

/** Tasks that failed on the same Compute Servers and wait for another. */
interface WaitingGroup {
  readonly failedOn: readonly ComputeServerId[];
  readonly indexes: IndexSet;
  readonly sinceMs: number;
}

/**
 * The failed tasks of a job: their attempts, and those that wait to run again, on a Compute Server where they have not
 * failed yet. Where there is none, or none took them for `patienceMs`, any may have them.
 */
export class Retries {
  readonly #attempts = new Map<number, FailedAttempt[]>();
  readonly #groups = new Map<string, WaitingGroup>();
  readonly #maxAttempts: number;
  readonly #patienceMs: number;
  readonly #volunteers: number;
  #waitingCount = 0;

  /** `volunteers`: it takes so many to fail a task, or one that is vouched for: in a verified job liars alone cannot. */
  constructor(maxAttempts: number, patienceMs: number, volunteers = 1) {
    this.#maxAttempts = maxAttempts;
    this.#patienceMs = patienceMs;
    this.#volunteers = volunteers;
  }

  get waitingCount(): number {
    return this.#waitingCount;
  }

  get attempts(): ReadonlyMap<number, readonly FailedAttempt[]> {
    return this.#attempts;
  }

  /** Notes a failed attempt. False where this batch's attempt was noted before: a report that came twice. */
  note(index: number, attempt: FailedAttempt): boolean {
    const attempts = this.#attempts.get(index) ?? [];
    if (attempts.some(({ batchId }) => batchId === attempt.batchId)) return false;
    this.stopWaiting(index);
    attempts.push(attempt);
    this.#attempts.set(index, attempts);
    return true;
  }

  /** Whether the task has had all its attempts. */
  isExhausted(index: number): boolean {
    const attempts = this.#attempts.get(index) ?? [];
    if (attempts.length >= LIMITS.attempts) return true;
    if (attempts.every(({ vouched }) => !vouched) && new Set(attempts.map(({ volunteer }) => volunteer)).size < this.#volunteers) return false;
    const slotDeaths = attempts.filter(({ kind }) => kind === "slot-died" || kind === "timeout").length;
    return attempts.length >= this.#maxAttempts || slotDeaths >= MAX_SLOT_DEATHS;
  }

  /** Lets a task that failed before wait for its next attempt. */
  wait(index: number, nowMs: number): void {
    const failedOn = this.#failedOn(index);
    const key = failedOn.join();
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { failedOn, indexes: new IndexSet(), sinceMs: nowMs };
      this.#groups.set(key, group);
    }
    this.#waitingCount += group.indexes.add(index, index + 1);
  }

  /** Whether the task waited until now. */
  stopWaiting(index: number): boolean {
    const key = this.#failedOn(index).join();
    const group = this.#groups.get(key);
    if (group === undefined || group.indexes.remove(index, index + 1) === 0) return false;
    this.#waitingCount--;
    if (group.indexes.count === 0) this.#groups.delete(key);
    return true;
  }

  /** Forgets all about a task that has ended. */
  forget(index: number): void {
    this.#attempts.delete(index);
  }

  mayTake(server: ComputeServerId, nowMs: number, usable: UsableServers): boolean {
    if (this.#waitingCount === 0) return false;
    for (const group of this.#groups.values()) if (this.#mayRun(group, server, nowMs, usable)) return true;
    return false;
  }

  /** Takes out at most `count` tasks that may run there, and adds them to `taken`. */
  take(count: number, server: ComputeServerId, nowMs: number, usable: UsableServers, taken: IndexSet): void {
    for (const [key, group] of this.#groups) {
      if (taken.count >= count) return;
      if (!this.#mayRun(group, server, nowMs, usable)) continue;
      for (const [from, to] of group.indexes.takeFirst(count - taken.count, count)) {
        this.#waitingCount -= taken.add(from, to);
      }
      if (group.indexes.count === 0) this.#groups.delete(key);
    }
  }

  /** When the next waiting task may run on any Compute Server; Infinity where none waits for that. */
  patienceEndsAtMs(nowMs: number): number {
    let endsAtMs = Infinity;
    for (const { sinceMs } of this.#groups.values()) {
      if (sinceMs + this.#patienceMs > nowMs) endsAtMs = Math.min(endsAtMs, sinceMs + this.#patienceMs);
    }
    return endsAtMs;
  }

  /**
   * Whether a task may run there: it has not failed there, no usable Compute Server is left where it has not, or it has
   * waited since `sinceMs` for one of those in vain.
   */
  mayRun(index: number, server: ComputeServerId, sinceMs: number, nowMs: number, usable: UsableServers): boolean {
    return !this.#attempts.has(index) || this.#mayRun({ failedOn: this.#failedOn(index), sinceMs }, server, nowMs, usable);
  }

  countWithin(from: number, to: number): number {
    let count = 0;
    for (const { indexes } of this.#groups.values()) count += indexes.countWithin(from, to);
    return count;
  }

  #mayRun(group: Pick<WaitingGroup, "failedOn" | "sinceMs">, server: ComputeServerId, nowMs: number, usable: UsableServers): boolean {
    if (!group.failedOn.includes(server) || nowMs >= group.sinceMs + this.#patienceMs) return true;
    return usable.usableCount <= group.failedOn.filter((id) => usable.isUsable(id)).length;
  }

  #failedOn(index: number): ComputeServerId[] {
    const attempts = this.#attempts.get(index) ?? [];
    return [...new Set(attempts.map(({ computeServerId }) => computeServerId))].sort();
  }
}
