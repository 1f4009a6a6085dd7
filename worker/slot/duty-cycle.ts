/** Work at least this long before resting: shorter rests than a few milliseconds cannot be slept. */
const WORK_MS = 50;

/** Tells how long to rest so that a slot works only its share of the time. It can rest only between two tasks. */
export class DutyCycle {
  readonly #maxRestMs: number;
  #workedMs = 0;

  constructor(maxRestMs: number) {
    this.#maxRestMs = maxRestMs;
  }

  /** Counts work at this share, 0.1..1; answers how long to rest now, 0 for not at all. */
  worked(ms: number, share: number): number {
    this.#workedMs += ms;
    if (this.#workedMs < WORK_MS) return 0;
    const restMs = (this.#workedMs * (1 - share)) / share;
    this.#workedMs = 0;
    return Math.min(restMs, this.#maxRestMs);
  }
}
