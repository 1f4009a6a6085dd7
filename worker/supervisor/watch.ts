/** A timer that comes later than this was asleep with the whole page: such time is not the slot's fault. */
const MAX_TICK_MS = 1_000;

/**
 * Counts the time for which something has been silent, in ticks of the watcher's own life: a page that was frozen for
 * ten minutes and wakes up has not waited ten minutes.
 */
export class Watch {
  #silentMs = 0;
  #tickedAt: number;

  constructor(nowMs: number) {
    this.#tickedAt = nowMs;
  }

  get silentMs(): number {
    return this.#silentMs;
  }

  /** A sign of life; `allowanceMs`: more silence than that is announced. */
  heard(nowMs: number, allowanceMs = 0): void {
    this.#tickedAt = nowMs;
    this.#silentMs = -allowanceMs;
  }

  tick(nowMs: number): void {
    this.#silentMs += Math.min(Math.max(0, nowMs - this.#tickedAt), MAX_TICK_MS);
    this.#tickedAt = nowMs;
  }
}
