import { GridError } from "../../protocol/grid-error.ts";
import type { IndexRange } from "../../protocol/index-range.ts";
import { PackedValues } from "../../protocol/packed-values.ts";
import type { ValueChunk } from "./archive.ts";

/** Throws GridError "invalid-request" when the chunk does not hold one value an index of its range. */
export function checkChunk({ range: [from, to], packed, large }: ValueChunk): void {
  const refuse = (why: string) => new GridError("invalid-request", `Cannot store the values of tasks ${from} to ${to}: ${why}`);
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || to <= from) throw refuse("that is no range of tasks");
  // The count alone: whoever packed or received the values has checked the rest.
  const count = packed.byteLength < 4 ? 0 : new DataView(packed.buffer, packed.byteOffset).getUint32(0, true);
  if (count !== to - from) throw refuse(`there are ${count} values for ${to - from} tasks`);
  for (const { index } of large) {
    if (index < from || index >= to) throw refuse(`a large value is for task ${index}`);
  }
}

/** The part of packed values that `wanted` covers, of those that stand for `stored`. */
export function cutPacked(packed: Uint8Array, stored: IndexRange, wanted: IndexRange): { range: IndexRange; packed: Uint8Array } {
  const from = Math.max(stored[0], wanted[0]);
  const to = Math.min(stored[1], wanted[1]);
  if (from === stored[0] && to === stored[1]) return { range: stored, packed };
  return { range: [from, to], packed: new PackedValues(packed).slice(from - stored[0], to - stored[0]) };
}
