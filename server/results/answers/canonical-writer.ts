import { Buffer } from "node:buffer";

const FIRST_BYTES = 4096;
const SHORT_BYTES = 64;

/** A buffer that grows and is used again, and the parts of canonical bytes that are written into it. */
export class CanonicalWriter {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
  #at = 0;

  get length(): number {
    return this.#at;
  }

  clear(): void {
    this.#at = 0;
  }

  /** A view of what was written since it was cleared. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  byte(byte: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = byte;
  }

  /** By value: a byte for a small integer, five for one of 32 bits, nine for the rest. */
  number(value: number): void {
    this.#room(9);
    const at = this.#at;
    if ((value | 0) === value && !Object.is(value, -0)) {
      if (value >= -0x20 && value < 0x80) {
        this.#bytes[at] = value & 0xff;
        this.#at += 1;
        return;
      }
      this.#bytes[at] = 0xd2;
      this.#view.setInt32(at + 1, value);
      this.#at += 5;
      return;
    }
    this.#bytes[at] = 0xcb;
    if (value !== value) this.#view.setBigUint64(at + 1, 0x7ff8_0000_0000_0000n);
    else this.#view.setFloat64(at + 1, value);
    this.#at += 9;
  }

  /** Signed where it fits. */
  bigint(value: bigint): void {
    this.#room(9);
    const signed = BigInt.asIntN(64, value) === value;
    this.#bytes[this.#at] = signed ? 0xd3 : 0xcf;
    if (signed) this.#view.setBigInt64(this.#at + 1, value);
    else this.#view.setBigUint64(this.#at + 1, value);
    this.#at += 9;
  }

  copyOf(source: Uint8Array, from: number, bytes: number): void {
    this.#room(bytes);
    // A view costs more than a short copy does.
    if (bytes > SHORT_BYTES) this.#bytes.set(source.subarray(from, from + bytes), this.#at);
    else for (let i = 0; i < bytes; i++) this.#bytes[this.#at + i] = source[from + i] ?? 0;
    this.#at += bytes;
  }

  /** Answers where the count stands. */
  counted(code: number, count: number): number {
    this.#room(5);
    this.#bytes[this.#at] = code;
    this.#view.setUint32(this.#at + 1, count);
    this.#at += 5;
    return this.#at - 4;
  }

  setCount(at: number, count: number): void {
    this.#view.setUint32(at, count);
  }

  /** Puts the elements that end there, the first of which begins at `start`, into the order of their bytes. */
  sortElements(start: number, ends: readonly number[]): void {
    const source = Buffer.from(this.#bytes.subarray(start, this.#at));
    const begins = (i: number) => (i === 0 ? 0 : (ends[i - 1] ?? 0) - start);
    const order = ends.map((_, i) => i).sort((a, b) =>
      source.compare(source, begins(b), (ends[b] ?? 0) - start, begins(a), (ends[a] ?? 0) - start));
    this.#at = start;
    for (const i of order) this.#copy(source, begins(i), (ends[i] ?? 0) - start);
  }

  /** The same with entries, by the bytes of their keys; of equal keys the last stays. Answers how many stayed. */
  sortEntries(start: number, keyEnds: readonly number[], ends: readonly number[]): number {
    const bytes = this.#bytes;
    const begins = (i: number) => (i === 0 ? start : (ends[i - 1] ?? 0));
    const compareKeys = (a: number, b: number) => {
      const [fromA, fromB] = [begins(a), begins(b)];
      const [lengthA, lengthB] = [(keyEnds[a] ?? 0) - fromA, (keyEnds[b] ?? 0) - fromB];
      // Their lengths come first: most keys differ there, or in their first bytes.
      if (lengthA !== lengthB) return lengthA - lengthB;
      for (let i = 0; i < lengthA; i++) {
        const difference = (bytes[fromA + i] ?? 0) - (bytes[fromB + i] ?? 0);
        if (difference !== 0) return difference;
      }
      return 0;
    };
    let ascending = true;
    for (let i = 1; ascending && i < ends.length; i++) ascending = compareKeys(i - 1, i) < 0;
    if (ascending) return ends.length;
    // Sorting is stable: of equal keys the last written is the last.
    const order = ends.map((_, i) => i).sort(compareKeys);
    const kept = order.filter((entry, place) => {
      const next = order[place + 1];
      return next === undefined || compareKeys(entry, next) !== 0;
    });
    const source = Buffer.from(bytes.subarray(start, this.#at));
    this.#at = start;
    for (const i of kept) this.#copy(source, begins(i) - start, (ends[i] ?? 0) - start);
    return kept.length;
  }

  /** Puts the elements of the last `bytes` bytes, `width` each, into an order. */
  sortFixed(bytes: number, width: number): void {
    const start = this.#at - bytes;
    if (width === 1) {
      this.#bytes.subarray(start, this.#at).sort();
      return;
    }
    if (bytes % width !== 0) return;
    this.sortElements(start, Array.from({ length: bytes / width }, (_, i) => start + (i + 1) * width));
  }

  /** Makes every NaN among the last `bytes` bytes, read as 32-bit floats, the same one. */
  oneNaN32(bytes: number): void {
    if (bytes % 4 !== 0) return;
    for (let at = this.#at - bytes; at < this.#at; at += 4) {
      // By the exponent's last byte most are told to be numbers.
      if (((this.#bytes[at + 3] ?? 0) & 0x7f) !== 0x7f) continue;
      const value = this.#view.getFloat32(at, true);
      if (value !== value) this.#view.setUint32(at, 0x7fc0_0000, true);
    }
  }

  oneNaN64(bytes: number): void {
    if (bytes % 8 !== 0) return;
    for (let at = this.#at - bytes; at < this.#at; at += 8) {
      if (((this.#bytes[at + 7] ?? 0) & 0x7f) !== 0x7f) continue;
      const value = this.#view.getFloat64(at, true);
      if (value !== value) this.#view.setBigUint64(at, 0x7ff8_0000_0000_0000n, true);
    }
  }

  #copy(source: Buffer, from: number, to: number): void {
    source.copy(this.#bytes, this.#at, from, to);
    this.#at += to - from;
  }

  #room(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#bytes.byteLength) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.byteLength));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer, grown.byteOffset, grown.byteLength);
  }
}
