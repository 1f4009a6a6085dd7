/** How far back a rate looks: an event weighs 1/e after this time. */
const MEMORY_MS = 10_000;
/** A rate is not told over less than this, or the first event alone would be a huge one. */
const SHORTEST_MS = 250;
/** Less than a trace of one event is none. */
const LEAST_EVENTS = 0.001;

/** Events a second, lately: an exponentially fading count over the time that it covers. */
export class RateMeter {
  #faded = 0;
  #countedAtMs = 0;
  #startedAtMs: number | null = null;

  add(events: number, nowMs: number): void {
    this.#startedAtMs ??= nowMs;
    this.#faded = this.#fadedAt(nowMs) + events;
    this.#countedAtMs = nowMs;
  }

  /** The rate's time begins here where nothing was counted yet: before the first result there is a wait. */
  start(nowMs: number): void {
    this.#startedAtMs ??= nowMs;
  }

  perSecond(nowMs: number): number {
    if (this.#startedAtMs === null) return 0;
    const coveredMs = Math.max(SHORTEST_MS, nowMs - this.#startedAtMs);
    return (1000 * this.#fadedAt(nowMs)) / (MEMORY_MS * (1 - Math.exp(-coveredMs / MEMORY_MS)));
  }

  #fadedAt(nowMs: number): number {
    const events = this.#faded * Math.exp(-(nowMs - this.#countedAtMs) / MEMORY_MS);
    return events < LEAST_EVENTS ? 0 : events;
  }
}
