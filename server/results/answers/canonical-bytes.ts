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
  readonly #reader = new ValueReader();
  #unordered = false;

  /**
   * The canonical bytes of one well-formed value, a view that holds until the next call. `unordered`: the elements of
   * a list count in any order, with how often they come; lists inside of that list keep theirs.
   */
  of(value: Uint8Array, unordered: boolean): Uint8Array {
    this.#reader.open(value);
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
      case HEAD.string: return this.#sized(0xdb, head.length);
      case HEAD.bytes: return this.#bytes(head.length, insideList);
      case HEAD.extension: return this.#extension(reader.tag(), head.length, insideList);
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
    this.#text(Buffer.from(String(reader.number(reader.head().code))), 0xdb);
  }

  #bytes(length: number, insideList: boolean): void {
    this.#sized(0xc6, length);
    if (this.#unordered && !insideList) this.#out.sortFixed(length, 1);
  }

  #extension(tag: number, length: number, insideList: boolean): void {
    const out = this.#out;
    if (tag === TIMESTAMP_TAG) this.#text(canonicalTimestamp(this.#reader.take(length)), 0xc9);
    else this.#sized(0xc9, length);
    const width = ELEMENT_BYTES.get(tag);
    if (tag === FLOAT32_TAG) out.oneNaN32(length);
    if (tag === FLOAT64_TAG) out.oneNaN64(length);
    if (width !== undefined && this.#unordered && !insideList) out.sortFixed(length, width);
    out.byte(tag & 0xff);
  }

  #sized(code: number, length: number): void {
    this.#out.counted(code, length);
    this.#reader.copy(length, this.#out);
  }

  #text(bytes: Uint8Array, code: number): void {
    this.#out.counted(code, bytes.byteLength);
    this.#out.copyOf(bytes, 0, bytes.byteLength);
  }
}
