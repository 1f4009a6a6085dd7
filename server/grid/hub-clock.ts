/**
 * The hub's time, in milliseconds since 1970. It follows the system's clock, but where that is set back it goes on at
 * its own pace until it is overtaken: else no lease would end and no timer be due for as long.
 */
export class HubClock {
  readonly #wallMs: () => number;
  readonly #steadyMs: () => number;
  #nowMs = -Infinity;
  #steadyAtMs: number;

  constructor(wallMs: () => number = Date.now, steadyMs: () => number = () => performance.now()) {
    this.#wallMs = wallMs;
    this.#steadyMs = steadyMs;
    this.#steadyAtMs = steadyMs();
  }

  /** A whole number that never falls. */
  nowMs(): number {
    const steadyMs = this.#steadyMs();
    this.#nowMs = Math.max(this.#wallMs(), this.#nowMs + steadyMs - this.#steadyAtMs);
    this.#steadyAtMs = steadyMs;
    return Math.floor(this.#nowMs);
  }
}
