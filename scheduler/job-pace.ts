/** Samples are taken at most this often, and not more often than this part of the job's age. */
const SAMPLE_EVERY_MS = 500;
const SAMPLES_AN_AGE = 100;
/** The pace is told over this part of the job's age, and no less time than that: what is older may have been otherwise. */
const WINDOW_SHARE = 1 / 3;
const SHORTEST_WINDOW_MS = 5_000;

interface Sample {
  readonly atMs: number;
  /** Tasks done until the next sample: what ends together is seen together. */
  done: number;
  /** Tasks that should have been done by then, since the first sample. */
  readonly expected: number;
  /** Tasks a millisecond that should be done at that moment. */
  readonly rate: number;
}

/** How a job went, against what was to be expected of the Compute Servers that it had. A few samples, whatever its size. */
export class JobPace {
  readonly #samples: Sample[] = [];
  #startedAtMs: number | null = null;

  /** `done`: tasks so far. `rateNow`: tasks a millisecond that should be done from now on; asked where a sample is due. */
  note(nowMs: number, done: number, rateNow: () => number): void {
    const last = this.#samples.at(-1);
    this.#startedAtMs ??= nowMs;
    if (last !== undefined && nowMs - last.atMs < Math.max(SAMPLE_EVERY_MS, (nowMs - this.#startedAtMs) / SAMPLES_AN_AGE)) {
      last.done = done;
      return;
    }
    this.#take(nowMs, done, rateNow());
  }

  /** From now on nothing is expected of it, or again. */
  interrupted(nowMs: number, done: number): void {
    this.#take(nowMs, done, 0);
  }

  /** The last while: tasks that were done in it, that should have been, and the rate that was to be expected on average. */
  recent(nowMs: number): { readonly done: number; readonly expected: number; readonly meanRate: number } {
    const last = this.#samples.at(-1);
    const sinceMs = nowMs - this.#windowMs(nowMs);
    const first = this.#samples.findLast(({ atMs }) => atMs <= sinceMs) ?? this.#samples[0];
    if (first === undefined || last === undefined || last.atMs === first.atMs) return { done: 0, expected: 0, meanRate: last?.rate ?? 0 };
    const expected = last.expected - first.expected;
    return { done: last.done - first.done, expected, meanRate: expected / (last.atMs - first.atMs) };
  }

  #take(nowMs: number, done: number, rate: number): void {
    const last = this.#samples.at(-1);
    const expected = last === undefined ? 0 : last.expected + ((last.rate + rate) / 2) * (nowMs - last.atMs);
    this.#samples.push({ atMs: nowMs, done, expected, rate });
    const sinceMs = nowMs - 2 * this.#windowMs(nowMs);
    while (this.#samples.length > 2 && (this.#samples[1]?.atMs ?? Infinity) < sinceMs) this.#samples.shift();
  }

  #windowMs(nowMs: number): number {
    return Math.max(SHORTEST_WINDOW_MS, (nowMs - (this.#startedAtMs ?? nowMs)) * WINDOW_SHARE);
  }
}
