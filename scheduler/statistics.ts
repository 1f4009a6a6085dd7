import type { ServerStatistics } from "./snapshot.ts";

/** How fast the measured speed follows: slot time from longer ago counts little. */
const SPEED_WINDOW_MS = 120_000;
/** One report, however long its tasks took, takes no more than this share from those before. */
const MAX_FORGOTTEN = 0.2;
/** No speed is believed beyond this factor, whatever a Compute Server says. */
const SPEED_BOUND = 100;

/** What a Compute Server has done since it registered. A task counts once, for whoever's outcome was accepted (R5). */
export class Statistics {
  tasksCompleted = 0;
  tasksFailed = 0;
  checksPassed = 0;
  checksFailed = 0;
  totalTimeMs = 0;
  lastCompletionAtMs: number | null = null;
  /** Against the mean task time of the jobs it worked for: 2 is twice as fast. 1 until something is measured. */
  speed = 1;
  readonly registeredAtMs: number;
  /** Lately: slot time of its tasks by the mean of all Compute Servers, and as it was. */
  #expectedMs = 0;
  #slotMs = 0;

  constructor(registeredAtMs: number) {
    this.registeredAtMs = registeredAtMs;
  }

  count(completed: number, failed: number, busyMs: number, nowMs: number): void {
    this.tasksCompleted += completed;
    this.tasksFailed += failed;
    this.totalTimeMs += busyMs;
    if (completed > 0) this.lastCompletionAtMs = nowMs;
  }

  /** An answer of it was compared with those of others. */
  checked(isRight: boolean): void {
    if (isRight) this.checksPassed++;
    else this.checksFailed++;
  }

  /** Takes in that tasks took `slotMs` here that take `expectedMs` on the mean of all. Sums, so that tasks of all lengths count by their length. */
  measureSpeed(expectedMs: number, slotMs: number): void {
    const kept = 1 - Math.min(MAX_FORGOTTEN, slotMs / SPEED_WINDOW_MS);
    this.#expectedMs = kept * this.#expectedMs + expectedMs;
    this.#slotMs = kept * this.#slotMs + slotMs;
    this.speed = Math.min(SPEED_BOUND, Math.max(1 / SPEED_BOUND, this.#expectedMs / this.#slotMs));
  }

  /** `meanSpeed`: of all Compute Servers. */
  snapshot(meanSpeed: number): ServerStatistics {
    return {
      tasksCompleted: this.tasksCompleted,
      tasksFailed: this.tasksFailed,
      checksPassed: this.checksPassed,
      checksFailed: this.checksFailed,
      totalTimeMs: this.totalTimeMs,
      lastCompletionAtMs: this.lastCompletionAtMs,
      speed: meanSpeed > 0 ? this.speed / meanSpeed : 1,
      registeredAtMs: this.registeredAtMs,
    };
  }
}
