/** What happens, and when. */
export interface TimedEvent<T> {
  /** Virtual time, ms. */
  readonly atMs: number;
  readonly payload: T;
}

const FIRST_CAPACITY = 1_024;

/**
 * Events in the order of virtual time, those of the same instant in the order in which they were pushed, so that a run
 * has one order (R10). A binary heap over flat arrays: push and pop take O(log size) and compare numbers alone.
 */
export class EventQueue<T extends object | string | number> {
  #size = 0;
  #pushed = 0;
  #nowMs = -Infinity;
  #atMs = new Float64Array(FIRST_CAPACITY);
  /** How many were pushed before: decides between equal times. A double counts to 2^53. */
  #order = new Float64Array(FIRST_CAPACITY);
  readonly #payloads: T[] = [];

  get size(): number {
    return this.#size;
  }

  /** Time does not run backwards: `atMs` is finite and no earlier than the event that was popped last. */
  push(atMs: number, payload: T): void {
    if (!Number.isFinite(atMs) || atMs < this.#nowMs) {
      throw new RangeError(`Cannot push an event at ${atMs} ms: the time is now ${this.#nowMs} ms. Push it at a finite time from then on.`);
    }
    if (this.#size === this.#atMs.length) this.#grow();
    const order = this.#pushed++;
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      // Whoever is there was pushed before, so it stays in front where the times are equal.
      if ((this.#atMs[parent] ?? 0) <= atMs) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#place(at, atMs, order, payload);
  }

  peek(): TimedEvent<T> | undefined {
    const payload = this.#payloads[0];
    const atMs = this.#atMs[0];
    return this.#size === 0 || payload === undefined || atMs === undefined ? undefined : { atMs, payload };
  }

  pop(): TimedEvent<T> | undefined {
    const first = this.peek();
    if (first === undefined) return undefined;
    this.#nowMs = first.atMs;
    const last = --this.#size;
    const payload = this.#payloads.pop();
    if (last > 0 && payload !== undefined) this.#sink(this.#atMs[last] ?? 0, this.#order[last] ?? 0, payload);
    return first;
  }

  #sink(atMs: number, order: number, payload: T): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#isBefore(child + 1, this.#atMs[child] ?? 0, this.#order[child] ?? 0)) child++;
      if (!this.#isBefore(child, atMs, order)) break;
      this.#move(child, at);
      at = child;
    }
    this.#place(at, atMs, order, payload);
  }

  #isBefore(at: number, otherAtMs: number, otherOrder: number): boolean {
    const atMs = this.#atMs[at] ?? 0;
    return atMs === otherAtMs ? (this.#order[at] ?? 0) < otherOrder : atMs < otherAtMs;
  }

  #move(from: number, to: number): void {
    const payload = this.#payloads[from];
    if (payload !== undefined) this.#place(to, this.#atMs[from] ?? 0, this.#order[from] ?? 0, payload);
  }

  #place(at: number, atMs: number, order: number, payload: T): void {
    this.#atMs[at] = atMs;
    this.#order[at] = order;
    this.#payloads[at] = payload;
  }

  #grow(): void {
    const times = new Float64Array(2 * this.#size);
    const orders = new Float64Array(2 * this.#size);
    times.set(this.#atMs);
    orders.set(this.#order);
    this.#atMs = times;
    this.#order = orders;
  }
}
