import type { SeededRandom } from "../scheduler/seeded-random.ts";

/** How good the network is between a Compute Server and its hub. */
export interface LinkQuality {
  /** One way, without jitter. */
  readonly latencyMs: number;
  /** Added to every frame, evenly from 0 to this. */
  readonly jitterMs?: number;
  /** Share of frames that are lost and sent again by the transport, and how long that takes. What is behind them waits too. */
  readonly lossShare?: number;
  readonly resendMs?: number;
  /** Share of reports that arrive twice. */
  readonly duplicateShare?: number;
  /** Frames overtake each other. No transport in use does this: a scheduler that survives it needs no luck. */
  readonly reorders?: boolean;
}

const DEFAULT_RESEND_MS = 300;

/** One direction of a link: says when what is sent now arrives. In order, as TCP has it, unless told otherwise. */
export class SimulatedLink {
  readonly #quality: LinkQuality;
  readonly #random: SeededRandom;
  #lastArrivalMs = 0;

  constructor(quality: LinkQuality, random: SeededRandom) {
    this.#quality = quality;
    this.#random = random;
  }

  arrivalMs(nowMs: number): number {
    const { latencyMs, jitterMs = 0, lossShare = 0, resendMs = DEFAULT_RESEND_MS, reorders = false } = this.#quality;
    let arrivalMs = nowMs + latencyMs;
    if (jitterMs > 0) arrivalMs += jitterMs * this.#random.next();
    if (lossShare > 0) for (let waitMs = resendMs; this.#random.next() < lossShare; waitMs *= 2) arrivalMs += waitMs;
    if (!reorders) arrivalMs = Math.max(arrivalMs, this.#lastArrivalMs);
    this.#lastArrivalMs = arrivalMs;
    return arrivalMs;
  }

  isDuplicated(): boolean {
    const { duplicateShare = 0 } = this.#quality;
    return duplicateShare > 0 && this.#random.next() < duplicateShare;
  }
}
