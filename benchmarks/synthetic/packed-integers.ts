import type { IndexRanges } from "../../protocol/index-range.ts";
import { countIndexes } from "../../protocol/index-range.ts";

const WORD = 4;
/** MessagePack's head of an unsigned integer of 32 bits, and the integer. */
const VALUE_BYTES = 5;
const UINT32 = 0xce;

/** The tasks' own inputs, `start + index * step`, as packed values (protocol/packed-values.ts): the outputs of the identity. */
export function packIntegers(ranges: IndexRanges, { start, step }: { readonly start: number; readonly step: number }): Uint8Array<ArrayBuffer> {
  const count = countIndexes(ranges);
  const head = WORD * (1 + count);
  const packed = new Uint8Array(head + count * VALUE_BYTES);
  const view = new DataView(packed.buffer);
  view.setUint32(0, count, true);
  let position = 0;
  for (const [from, to] of ranges) {
    for (let index = from; index < to; index++, position++) {
      const at = head + position * VALUE_BYTES;
      view.setUint32(WORD * (1 + position), (position + 1) * VALUE_BYTES, true);
      packed[at] = UINT32;
      view.setUint32(at + 1, start + index * step);
    }
  }
  return packed;
}
