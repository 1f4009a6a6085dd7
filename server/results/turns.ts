import { GridError } from "../../protocol/grid-error.ts";

/** Runs heavy work one piece at a time, so that memory and cores are taken once. */
export class Turns {
  readonly #what: string;
  readonly #maxWaiting: number;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  /** `what` is done in turns, for messages: "draw this picture". */
  constructor(what: string, maxWaiting: number) {
    this.#what = what;
    this.#maxWaiting = maxWaiting;
  }

  /** Rejects with GridError "unavailable" when too many wait already, or after `close`. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= this.#maxWaiting) {
      throw new GridError("unavailable", `Cannot ${this.#what} now: ${this.#maxWaiting} others wait before it. Ask again in a moment`);
    }
    this.#waiting++;
    const done = this.#last.then(() => this.#begin(work)).finally(() => this.#waiting--);
    this.#last = done.catch(() => undefined); // its caller is told; the next has its turn all the same
    return done;
  }

  /** Waits for what runs; what waits is turned away. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
  }

  async #begin<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new GridError("unavailable", `Cannot ${this.#what}: the hub is stopping`);
    return work();
  }
}
