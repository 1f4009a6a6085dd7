/** With fewer that have left, nothing is said. */
const LEAST_DEPARTURES = 5;

interface Arrival {
  readonly statistics: { readonly registeredAtMs: number };
}

/** How long Compute Servers stay: all time that they were here, over how many have left (the estimate of an exponential's mean). */
export class MeanStay {
  #departures = 0;
  #departedMs = 0;
  #present = 0;
  #registeredAtSumMs = 0;

  arrived({ statistics }: Arrival): void {
    this.#present++;
    this.#registeredAtSumMs += statistics.registeredAtMs;
  }

  left({ statistics }: Arrival, nowMs: number): void {
    this.#present--;
    this.#registeredAtSumMs -= statistics.registeredAtMs;
    this.#departures++;
    this.#departedMs += nowMs - statistics.registeredAtMs;
  }

  /** Infinity while too few have left. */
  meanMs(nowMs: number): number {
    if (this.#departures < LEAST_DEPARTURES) return Infinity;
    return (this.#departedMs + this.#present * nowMs - this.#registeredAtSumMs) / this.#departures;
  }
}
