import type { IndexRanges } from "../protocol/index-range.ts";

// A batch is ranges of task indexes; its packed inputs and its results are ordered. Inside a Compute Server a task is
// therefore also known by its position 0..n-1 in the batch (or in the part of it that a slot runs).

/** The indexes at positions `from` (in) to `to` (out). Throws RangeError past the end. */
export function cutRanges(ranges: IndexRanges, from: number, to: number): [from: number, to: number][] {
  const cut: [number, number][] = [];
  let position = 0;
  for (const [first, end] of ranges) {
    const start = Math.max(first, first + from - position);
    const stop = Math.min(end, first + to - position);
    if (start < stop) cut.push([start, stop]);
    position += end - first;
  }
  if (from < 0 || to < from || to > position) throw new RangeError(`Cannot cut positions ${from} to ${to}: there are ${position}`);
  return cut;
}

/** The index at one position. Throws RangeError past the end. */
export function indexAt(ranges: IndexRanges, position: number): number {
  let before = 0;
  for (const [first, end] of ranges) {
    if (position < before + end - first) return first + position - before;
    before += end - first;
  }
  throw new RangeError(`Cannot tell the index at position ${position}: there are ${before}`);
}

/** The ranges without these indexes, which ascend. */
export function withoutIndexes(ranges: IndexRanges, indexes: readonly number[]): [from: number, to: number][] {
  const kept: [number, number][] = [];
  let next = 0;
  for (const [first, end] of ranges) {
    let start = first;
    for (let index = indexes[next]; index !== undefined && index < end; index = indexes[++next]) {
      if (start < index) kept.push([start, index]);
      start = index + 1;
    }
    if (start < end) kept.push([start, end]);
  }
  return kept;
}

/** Every index, ascending. */
export function* indexesOf(ranges: IndexRanges): Generator<number, void> {
  for (const [first, end] of ranges) for (let index = first; index < end; index++) yield index;
}
