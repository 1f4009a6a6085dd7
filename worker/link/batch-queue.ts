import type { Assign } from "../../protocol/down/assign.ts";
import type { BatchId } from "../../protocol/ids.ts";
import { countIndexes } from "../../protocol/index-range.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { cutRanges } from "../batch-positions.ts";

/** Large inputs of one segment together, so that a slot never is handed more than it can hold. */
const SEGMENT_LARGE_BYTES = 64 * 1024 * 1024;

/** Consecutive positions of a batch that wait for a slot. `careful`: one of them has killed a slot, and it is not known which. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly careful: boolean;
}

/** Part of a batch, taken by a slot. */
export interface Work extends Segment {
  readonly assign: Assign;
}

interface HeldBatch {
  readonly assign: Assign;
  readonly count: number;
  waiting: Segment[];
  reported: number;
}

/** The batches that this Compute Server holds, in the order in which they came, and what of them no slot has taken. */
export class BatchQueue {
  readonly #batches = new Map<BatchId, HeldBatch>();

  /** Answers false for a batch that is held already, or is one too many. */
  add(assign: Assign): boolean {
    if (this.#batches.has(assign.batchId) || this.#batches.size >= LIMITS.reportsPerMessage) return false;
    const count = countIndexes(assign.ranges);
    this.#batches.set(assign.batchId, { assign, count, waiting: [{ from: 0, to: count, careful: false }], reported: 0 });
    return true;
  }

  has(batchId: BatchId): boolean {
    return this.#batches.has(batchId);
  }

  ids(): BatchId[] {
    return [...this.#batches.keys()];
  }

  /** Tasks that no slot has taken. */
  get waitingTasks(): number {
    let tasks = 0;
    for (const { waiting } of this.#batches.values()) for (const { from, to } of waiting) tasks += to - from;
    return tasks;
  }

  /** Takes the next work for one of `idleSlots` slots: the whole segment where there is one for each, else its share of it. */
  take(idleSlots: number): Work | undefined {
    const segments = this.#segments();
    const [first] = segments;
    if (first === undefined) return undefined;
    const { batch, segment } = first;
    const sharers = Math.max(1, Math.ceil(idleSlots / segments.length));
    const share = segment.careful ? segment.to - segment.from : Math.ceil((segment.to - segment.from) / sharers);
    const to = withinLargeBytes(batch.assign, segment.from, segment.from + share);
    batch.waiting = batch.waiting.filter((waiting) => waiting !== segment);
    if (to < segment.to) batch.waiting.unshift({ ...segment, from: to });
    return { assign: batch.assign, from: segment.from, to, careful: segment.careful };
  }

  /** Puts back what a slot did not finish; it goes before all else of its batch. */
  giveBack(batchId: BatchId, ...segments: readonly Segment[]): void {
    const real = segments.filter(({ from, to }) => from < to);
    this.#batches.get(batchId)?.waiting.unshift(...real);
  }

  /** Counts reported tasks; a batch of which all are reported is held no more. */
  reported(batchId: BatchId, tasks: number): void {
    const batch = this.#batches.get(batchId);
    if (batch === undefined) return;
    batch.reported += tasks;
    this.#forgetIfDone(batch);
  }

  /** Takes what no slot has begun out of a batch; answers it by index, or undefined where there is nothing. */
  release(batchId: BatchId): { assign: Assign; ranges: [from: number, to: number][] } | undefined {
    const batch = this.#batches.get(batchId);
    if (batch === undefined || batch.waiting.length === 0) return undefined;
    const { assign, waiting } = batch;
    batch.waiting = [];
    batch.reported += waiting.reduce((tasks, { from, to }) => tasks + to - from, 0);
    this.#forgetIfDone(batch);
    const ranges = waiting.toSorted((a, b) => a.from - b.from).flatMap(({ from, to }) => cutRanges(assign.ranges, from, to));
    return { assign, ranges };
  }

  drop(batchId: BatchId): boolean {
    return this.#batches.delete(batchId);
  }

  clear(): void {
    this.#batches.clear();
  }

  #forgetIfDone(batch: HeldBatch): void {
    if (batch.reported >= batch.count) this.#batches.delete(batch.assign.batchId);
  }

  #segments(): { batch: HeldBatch; segment: Segment }[] {
    return [...this.#batches.values()].flatMap((batch) => batch.waiting.map((segment) => ({ batch, segment })));
  }
}

/** Cuts `to` so that the large inputs of these positions stay within their limit; at least one position remains. */
function withinLargeBytes({ inputs, ranges }: Assign, from: number, to: number): number {
  if (inputs.kind === "range" || inputs.large.length === 0) return to;
  const bytesByIndex = new Map(inputs.large.map(({ index, bytes }) => [index, bytes]));
  let position = from;
  let total = 0;
  for (const [first, end] of cutRanges(ranges, from, to)) {
    for (let index = first; index < end; index++, position++) {
      total += bytesByIndex.get(index) ?? 0;
      if (total > SEGMENT_LARGE_BYTES && position > from) return position;
    }
  }
  return to;
}
