import { GridError } from "./grid-error.ts";
import { LIMITS } from "./limits.ts";
import { isWellFormedBetween } from "./value-check.ts";

// Many encoded values as one run of bytes: the form in which inputs and outputs are stored, sent and handed to a
// slot, so that a batch of a thousand tasks is one allocation and one copy on its whole way.
//
//   u32 count | u32 end of value 0 … u32 end of value count-1 | value 0 … value count-1      (little endian)

const WORD = 4;

/** Packs encoded values. Throws GridError "too-large" past 4 GiB. */
export function packValues(values: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let bodyBytes = 0;
  for (const value of values) bodyBytes += value.byteLength;
  if (bodyBytes > 0xffff_ffff) throw new GridError("too-large", "Cannot pack values: together they pass 4 GiB");
  const head = WORD * (1 + values.length);
  const packed = new Uint8Array(head + bodyBytes);
  const view = new DataView(packed.buffer);
  view.setUint32(0, values.length, true);
  let end = 0;
  values.forEach((value, i) => {
    packed.set(value, head + end);
    end += value.byteLength;
    view.setUint32(WORD * (1 + i), end, true);
  });
  return packed;
}

/** Reads packed values in place. The constructor checks the frame; the values inside are not decoded. */
export class PackedValues {
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #body: number;

  /** Throws GridError "malformed" when the bytes are no packed values. */
  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const malformed = (why: string) => new GridError("malformed", `Cannot read packed values: ${why}`);
    if (bytes.byteLength < WORD) throw malformed("they are shorter than their count");
    this.bytes = bytes;
    this.count = view.getUint32(0, true);
    this.#view = view;
    this.#body = WORD * (1 + this.count);
    if (this.#body > bytes.byteLength) throw malformed("they are shorter than their index");
    let previous = 0;
    for (let i = 0; i < this.count; i++) {
      const end = view.getUint32(WORD * (1 + i), true);
      if (end < previous) throw malformed("their index does not ascend");
      if (end - previous > LIMITS.valueBytes) throw new GridError("too-large", `Cannot read packed values: one passes ${LIMITS.valueBytes} bytes`);
      previous = end;
    }
    if (this.#body + previous !== bytes.byteLength) throw malformed("their length and their index differ");
  }

  /** The encoded value at `position` (0..count-1), a view without a copy. */
  at(position: number): Uint8Array {
    this.#mustHold(position);
    return this.bytes.subarray(this.#body + this.#end(position - 1), this.#body + this.#end(position));
  }

  /** The encoded values `from` (in) to `to` (out) as they stand behind each other, a view without a copy. */
  between(from: number, to: number): Uint8Array {
    return this.bytes.subarray(this.#body + this.#end(from - 1), this.#body + this.#end(to - 1));
  }

  /** How long the encoded value at `position` is. */
  bytesAt(position: number): number {
    this.#mustHold(position);
    return this.#end(position) - this.#end(position - 1);
  }

  /** Whether the bytes at `position` are exactly one well-formed value. Allocates nothing. */
  isWellFormedAt(position: number): boolean {
    this.#mustHold(position);
    return isWellFormedBetween(this.#view, this.#body + this.#end(position - 1), this.#body + this.#end(position));
  }

  /** Packs the values `from` (in) to `to` (out) anew. */
  slice(from: number, to: number): Uint8Array {
    if (from === 0 && to === this.count) return this.bytes;
    const values: Uint8Array[] = [];
    for (let i = from; i < to; i++) values.push(this.at(i));
    return packValues(values);
  }

  #mustHold(position: number): void {
    if (position < 0 || position >= this.count) throw new RangeError(`Cannot read packed value ${position}: there are ${this.count}`);
  }

  #end(position: number): number {
    return position < 0 ? 0 : this.#view.getUint32(WORD * (1 + position), true);
  }
}
