import type { IndexRange, IndexRanges } from "../protocol/index-range.ts";

/** A chunk past this many numbers (two a range) is split, so that an insertion moves few. */
const CHUNK_NUMBERS = 512;

interface Place {
  readonly chunk: number;
  readonly offset: number;
}

/**
 * A set of task indexes as ascending half-open ranges that neither overlap nor touch: ten million pending tasks are
 * one range. Ranges stand in short chunks, so a change costs two binary searches and a move within one chunk, also
 * with hundreds of thousands of ranges.
 */
export class IndexSet {
  /** Each chunk is `from, to, from, to, …` and never empty. */
  #chunks: number[][] = [];
  #count = 0;
  #rangeCount = 0;

  constructor(ranges: IndexRanges = []) {
    for (const [from, to] of ranges) this.add(from, to);
  }

  /** How many indexes are in the set. */
  get count(): number {
    return this.#count;
  }

  /** How many separate ranges they make. */
  get rangeCount(): number {
    return this.#rangeCount;
  }

  has(index: number): boolean {
    const { chunk, offset } = this.#locate(index);
    const from = this.#chunks[chunk]?.[offset];
    return from !== undefined && from <= index;
  }

  /** Adds `from` (in) to `to` (out). Returns how many were not in the set before. */
  add(from: number, to: number): number {
    if (from >= to) return 0;
    const place = this.#locate(from - 1);
    const first = this.#chunks[place.chunk]?.[place.offset];
    const swallowed = this.#cut(place, to + 1);
    const start = first === undefined ? from : Math.min(from, first);
    const end = Math.max(to, swallowed.end);
    this.#insert(place, [start, end]);
    const added = end - start - swallowed.count;
    this.#count += added;
    return added;
  }

  /** Removes `from` (in) to `to` (out). Returns how many were in the set. */
  remove(from: number, to: number): number {
    if (from >= to) return 0;
    const place = this.#locate(from);
    const first = this.#chunks[place.chunk]?.[place.offset];
    if (first === undefined || first >= to) return 0;
    const swallowed = this.#cut(place, to);
    const kept: number[] = [];
    if (first < from) kept.push(first, from);
    if (swallowed.end > to) kept.push(to, swallowed.end);
    this.#insert(place, kept);
    const removed = swallowed.count - Math.max(0, from - first) - Math.max(0, swallowed.end - to);
    this.#count -= removed;
    return removed;
  }

  /** Takes out the lowest indexes: at most `count` of them, in at most `maxRanges` ranges. */
  takeFirst(count: number, maxRanges: number): IndexRange[] {
    const taken: IndexRange[] = [];
    let wanted = count;
    while (wanted > 0 && taken.length < maxRanges) {
      const from = this.#chunks[0]?.[0];
      const end = this.#chunks[0]?.[1];
      if (from === undefined || end === undefined) break;
      const to = Math.min(end, from + wanted);
      this.remove(from, to);
      taken.push([from, to]);
      wanted -= to - from;
    }
    return taken;
  }

  /** The parts of `from` (in) to `to` (out) that are in the set. */
  within(from: number, to: number): IndexRange[] {
    const parts: IndexRange[] = [];
    this.#walk(from, to, (start, end) => parts.push([start, end]));
    return parts;
  }

  /** The parts of `from` (in) to `to` (out) that are not in the set. */
  gaps(from: number, to: number): IndexRange[] {
    const parts: IndexRange[] = [];
    let at = from;
    this.#walk(from, to, (start, end) => {
      if (at < start) parts.push([at, start]);
      at = end;
    });
    if (at < to) parts.push([at, to]);
    return parts;
  }

  countWithin(from: number, to: number): number {
    let count = 0;
    this.#walk(from, to, (start, end) => { count += end - start; });
    return count;
  }

  ranges(): IndexRange[] {
    return this.within(0, Infinity);
  }

  /** Visits the ranges between two indexes, cut to them, in order. */
  #walk(from: number, to: number, visit: (from: number, to: number) => void): void {
    const place = this.#locate(from);
    let offset = place.offset;
    for (let c = place.chunk; c < this.#chunks.length; c++, offset = 0) {
      const chunk = this.#chunks[c] ?? [];
      for (; offset < chunk.length; offset += 2) {
        const start = chunk[offset] ?? Infinity;
        if (start >= to) return;
        visit(Math.max(start, from), Math.min(chunk[offset + 1] ?? 0, to));
      }
    }
  }

  /** The first range that ends behind `index`; behind the last one where there is none. */
  #locate(index: number): Place {
    const chunks = this.#chunks;
    let low = 0;
    let high = chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((chunks[middle]?.at(-1) ?? 0) > index) high = middle;
      else low = middle + 1;
    }
    const chunk = chunks[low];
    if (chunk === undefined) {
      const last = chunks.at(-1);
      return last === undefined ? { chunk: 0, offset: 0 } : { chunk: chunks.length - 1, offset: last.length };
    }
    return { chunk: low, offset: 2 * firstRange(chunk, (range) => (chunk[2 * range + 1] ?? 0) > index) };
  }

  /** Takes out the ranges from `place` on that begin before `until`: how many indexes they held, where the last ended. */
  #cut(place: Place, until: number): { count: number; end: number } {
    let count = 0;
    let end = -Infinity;
    let offset = place.offset;
    let emptied = 0;
    for (let c = place.chunk; c < this.#chunks.length; c++, offset = 0) {
      const chunk = this.#chunks[c] ?? [];
      let stop = offset;
      for (; stop < chunk.length && (chunk[stop] ?? Infinity) < until; stop += 2) {
        end = chunk[stop + 1] ?? end;
        count += end - (chunk[stop] ?? end);
      }
      this.#rangeCount -= (stop - offset) / 2;
      if (c > place.chunk && stop === chunk.length) {
        emptied++;
        continue;
      }
      const reachedEnd = stop === chunk.length;
      if (stop > offset) chunk.splice(offset, stop - offset);
      if (!reachedEnd) break;
    }
    if (emptied > 0) this.#chunks.splice(place.chunk + 1, emptied);
    return { count, end };
  }

  #insert(place: Place, numbers: readonly number[]): void {
    const chunk = this.#chunks[place.chunk];
    this.#rangeCount += numbers.length / 2;
    if (chunk === undefined) {
      if (numbers.length > 0) this.#chunks.push([...numbers]);
      return;
    }
    if (numbers.length > 0) chunk.splice(place.offset, 0, ...numbers);
    if (chunk.length === 0) this.#chunks.splice(place.chunk, 1);
    else if (chunk.length > CHUNK_NUMBERS) this.#chunks.splice(place.chunk + 1, 0, chunk.splice(CHUNK_NUMBERS / 2));
  }
}

/** The first range of a chunk that fits, by binary search. */
function firstRange(chunk: readonly number[], fits: (range: number) => boolean): number {
  let low = 0;
  let high = chunk.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fits(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
