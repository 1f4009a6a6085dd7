import type { HubError } from "./hub-error.ts";

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;

export interface RetryOptions {
  readonly signal?: AbortSignal;
  /** Told at the first failure of a row of them; the hub is asked again until it answers. */
  readonly onInterruption?: (error: HubError) => void;
}

/** Waits longer after each failure of a row, for a hub that restarts or cannot be reached for a while. */
export class Retry {
  readonly #options: RetryOptions;
  #nextMs = FIRST_RETRY_MS;

  constructor(options: RetryOptions) {
    this.#options = options;
  }

  get stopped(): boolean {
    return this.#options.signal?.aborted === true;
  }

  /** The hub answered: the row of failures, if there was one, is over. */
  answered(): void {
    this.#nextMs = FIRST_RETRY_MS;
  }

  /** Tells of the failure. Throws it where asking again cannot help, for example "not-found". */
  failed(error: HubError): void {
    if (error.status !== 0 && error.status !== 429 && error.status < 500) throw error;
    if (this.#nextMs === FIRST_RETRY_MS) this.#options.onInterruption?.(error);
  }

  async wait(): Promise<void> {
    await pause(this.#nextMs, this.#options.signal);
    this.#nextMs = Math.min(2 * this.#nextMs, LONGEST_RETRY_MS);
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
  });
}
