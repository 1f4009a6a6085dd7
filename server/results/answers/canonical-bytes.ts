import { Buffer } from "node:buffer";
import { EXTENSION_BY_TAG } from "../../../protocol/value-encoder.ts";
import { CanonicalWriter } from "./canonical-writer.ts";
import { canonicalTimestamp } from "./canonical-timestamp.ts";
import { HEAD, ValueReader } from "./value-reader.ts";

const FLOAT32_TAG = 21;
const FLOAT64_TAG = 22;
const TIMESTAMP_TAG = -1;
const ELEMENT_BYTES = new Map(EXTENSION_BY_TAG.map(({ tag, fromBytes }) => [tag, fromBytes(new Uint8Array(0)).BYTES_PER_ELEMENT]));

/**
 * Writes a value so that two encodings of one value give the same bytes, and encodings of two values do not. A hostile
 * tab chooses how it spells a number, a length, a map's order: none of that is a difference. -0 is not 0, a bigint is
 * no number, bytes are no list, every NaN is the same. The bytes are for comparing alone, nothing decodes them.
 */
export class CanonicalBytes {
  readonly #out = new CanonicalWriter();
  #reader = new ValueReader(new Uint8Array(0));
  #unordered = false;

  /**
   * The canonical bytes of one well-formed value, a view that holds until the next call. `unordered`: the elements of
   * a list count in any order, with how often they come; lists inside of that list keep theirs.
   */
  of(value: Uint8Array, unordered: boolean): Uint8Array {
    this.#reader = new ValueReader(value);
    this.#unordered = unordered;
    this.#out.clear();
    this.#value(false);
    return this.#out.written();
  }

  #value(insideList: boolean): void {
    const reader = this.#reader;
    const out = this.#out;
    const head = reader.head();
    switch (head.kind) {
      case HEAD.literal: return out.byte(head.code);
      case HEAD.number: return out.number(reader.number(head.code));
      case HEAD.bigint: return out.bigint(reader.bigint(head.code));
      case HEAD.string: return out.sized(0xdb, reader.take(head.length));
      case HEAD.bytes: return this.#bytes(reader.take(head.length), insideList);
      case HEAD.extension: return this.#extension(reader.tag(), reader.take(head.length), insideList);
      case HEAD.list: return this.#list(head.length, insideList);
      case HEAD.map: return this.#map(head.length, insideList);
    }
  }

  #list(count: number, insideList: boolean): void {
    const out = this.#out;
    const sorted = this.#unordered && !insideList;
    out.counted(0xdd, count);
    const start = out.length;
    const ends: number[] = [];
    for (let i = 0; i < count; i++) {
      this.#value(true);
      if (sorted) ends.push(out.length);
    }
    if (sorted) out.sortElements(start, ends);
  }

  /** By key; of a key that comes twice the last counts, as in the object that it becomes. */
  #map(count: number, insideList: boolean): void {
    const out = this.#out;
    const countAt = out.counted(0xdf, count);
    const start = out.length;
    const keyEnds: number[] = [];
    const ends: number[] = [];
    for (let i = 0; i < count; i++) {
      this.#key();
      keyEnds.push(out.length);
      this.#value(insideList);
      ends.push(out.length);
    }
    out.setCount(countAt, out.sortEntries(start, keyEnds, ends));
  }

  /** A number as a key is that property's name. */
  #key(): void {
    const reader = this.#reader;
    const head = reader.peek();
    if (head.kind !== HEAD.number) return this.#value(true);
    this.#out.sized(0xdb, Buffer.from(String(reader.number(reader.head().code))));
  }

  #bytes(bytes: Uint8Array, insideList: boolean): void {
    this.#out.sized(0xc6, bytes);
    if (this.#unordered && !insideList) this.#out.sortFixed(bytes.byteLength, 1);
  }

  #extension(tag: number, bytes: Uint8Array, insideList: boolean): void {
    const out = this.#out;
    out.sized(0xc9, tag === TIMESTAMP_TAG ? canonicalTimestamp(bytes) : bytes);
    const width = ELEMENT_BYTES.get(tag);
    if (tag === FLOAT32_TAG) out.oneNaN32(bytes.byteLength);
    if (tag === FLOAT64_TAG) out.oneNaN64(bytes.byteLength);
    if (width !== undefined && this.#unordered && !insideList) out.sortFixed(bytes.byteLength, width);
    out.byte(tag & 0xff);
  }
}
