import { LINK_LIMITS } from "../limits.ts";

/** One that has frames to be handled. */
export interface FrameSource {
  /** Begins to handle one frame. Adds itself again when there are more, and this one is done. */
  takeNext(): void;
}

/**
 * Frames of all links are handled in turn, one of each, and never longer than `turnMs` at a stretch: then the event loop
 * goes round, so that requests, timers and the archive's answers wait for no more than that, however much Compute
 * Servers send.
 */
export class FrameTurns {
  /** Bytes of frames that wait, of all links. */
  waitingBytes = 0;
  readonly #waiting = new Set<FrameSource>();
  #running = false;
  #endsAtMs = 0;

  add(source: FrameSource): void {
    this.#waiting.add(source);
    if (this.#running) return;
    this.#running = true;
    setImmediate(this.#begin);
  }

  readonly #begin = (): void => {
    this.#endsAtMs = performance.now() + LINK_LIMITS.turnMs;
    this.#step();
  };

  readonly #step = (): void => {
    const [source] = this.#waiting;
    if (source === undefined) {
      this.#running = false;
      return;
    }
    this.#waiting.delete(source);
    source.takeNext();
    if (performance.now() >= this.#endsAtMs) setImmediate(this.#begin);
    // Behind all that the frame has set going and can be done at once, so that its time counts.
    else process.nextTick(this.#step);
  };
}
