const FIRST_LENGTHS = 64;

/** Queues that differ in nothing but their length, kept in order, shortest first: a task joins or leaves in constant time. */
export class RankedQueues {
  readonly count: number;
  /** Tasks in all queues, those being served included. */
  #tasks = 0;
  readonly #lengthAtRank: Int32Array;
  readonly #queueAtRank: Int32Array;
  readonly #rankOfQueue: Int32Array;
  /** At k: how many queues are shorter than k. Those of length k stand at the ranks from there up to the entry at k + 1. */
  #shorterThan: Int32Array;

  constructor(count: number) {
    this.count = count;
    this.#lengthAtRank = new Int32Array(count);
    this.#queueAtRank = Int32Array.from({ length: count }, (_, rank) => rank);
    this.#rankOfQueue = this.#queueAtRank.slice();
    this.#shorterThan = new Int32Array(FIRST_LENGTHS).fill(count, 1);
  }

  get tasks(): number {
    return this.#tasks;
  }

  /** Queues that are not empty. */
  get busy(): number {
    return this.count - (this.#shorterThan[1] ?? 0);
  }

  lengthOf(queue: number): number {
    return this.#lengthAtRank[this.#rankOfQueue[queue] ?? 0] ?? 0;
  }

  /** Rank 0 is a shortest queue. */
  queueAt(rank: number): number {
    return this.#queueAtRank[rank] ?? 0;
  }

  join(queue: number): void {
    const rank = this.#rankOfQueue[queue] ?? 0;
    const length = this.#lengthAtRank[rank] ?? 0;
    if (length + 2 >= this.#shorterThan.length) this.#makeRoom();
    // The last of its equals becomes the first of those that are longer by one.
    const last = (this.#shorterThan[length + 1] ?? 0) - 1;
    this.#swap(rank, last);
    this.#lengthAtRank[last] = length + 1;
    this.#shorterThan[length + 1] = last;
    this.#tasks++;
  }

  /** False where the queue was empty. */
  leave(queue: number): boolean {
    const rank = this.#rankOfQueue[queue] ?? 0;
    const length = this.#lengthAtRank[rank] ?? 0;
    if (length === 0) return false;
    const first = this.#shorterThan[length] ?? 0;
    this.#swap(rank, first);
    this.#lengthAtRank[first] = length - 1;
    this.#shorterThan[length] = first + 1;
    this.#tasks--;
    return true;
  }

  #swap(rank: number, other: number): void {
    const queue = this.#queueAtRank[rank] ?? 0;
    const moved = this.#queueAtRank[other] ?? 0;
    this.#queueAtRank[rank] = moved;
    this.#rankOfQueue[moved] = rank;
    this.#queueAtRank[other] = queue;
    this.#rankOfQueue[queue] = other;
  }

  #makeRoom(): void {
    const longer = new Int32Array(2 * this.#shorterThan.length).fill(this.count);
    longer.set(this.#shorterThan);
    this.#shorterThan = longer;
  }
}
