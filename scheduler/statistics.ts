import type { ServerStatistics } from "./snapshot.ts";

/** How fast the measured speed follows: the weight of the newest report. */
const SPEED_WEIGHT = 0.2;
/** One report changes nothing beyond this factor, whatever a Compute Server says. */
const SPEED_BOUND = 100;

/** What a Compute Server has done since it registered. A task counts once, for whoever's outcome was accepted (R5). */
export class Statistics {
  tasksCompleted = 0;
  tasksFailed = 0;
  totalTimeMs = 0;
  lastCompletionAtMs: number | null = null;
  /** Against the mean task time of the jobs it worked for: 2 is twice as fast. 1 until something is measured. */
  speed = 1;
  readonly registeredAtMs: number;
  #measured = false;

  constructor(registeredAtMs: number) {
    this.registeredAtMs = registeredAtMs;
  }

  count(completed: number, failed: number, busyMs: number, nowMs: number): void {
    this.tasksCompleted += completed;
    this.tasksFailed += failed;
    this.totalTimeMs += busyMs;
    if (completed > 0) this.lastCompletionAtMs = nowMs;
  }

  /** Takes in how fast it was just now, against the job's mean. */
  measureSpeed(measured: number): void {
    const speed = Math.min(SPEED_BOUND, Math.max(1 / SPEED_BOUND, measured));
    this.speed = this.#measured ? this.speed + SPEED_WEIGHT * (speed - this.speed) : speed;
    this.#measured = true;
  }

  /** `meanSpeed`: of all Compute Servers. */
  snapshot(meanSpeed: number): ServerStatistics {
    return {
      tasksCompleted: this.tasksCompleted,
      tasksFailed: this.tasksFailed,
      totalTimeMs: this.totalTimeMs,
      lastCompletionAtMs: this.lastCompletionAtMs,
      speed: meanSpeed > 0 ? this.speed / meanSpeed : 1,
      registeredAtMs: this.registeredAtMs,
    };
  }
}
