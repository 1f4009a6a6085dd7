const FIRST_MS = 250;
const MAX_MS = 10_000;

/** How long to wait before the next try: doubling, at random within the upper half so that tabs do not come back all at once. */
export class Backoff {
  readonly #random: () => number;
  #tries = 0;
  #hintMs = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** The other side said when to come back. */
  hint(ms: number): void {
    this.#hintMs = Math.max(this.#hintMs, ms);
  }

  nextMs(): number {
    const ceiling = Math.min(MAX_MS, FIRST_MS * 2 ** this.#tries);
    this.#tries = Math.min(this.#tries + 1, 16);
    const waitMs = this.#hintMs + ceiling * (0.5 + 0.5 * this.#random());
    this.#hintMs = 0;
    return waitMs;
  }

  succeeded(): void {
    this.#tries = 0;
    this.#hintMs = 0;
  }
}
