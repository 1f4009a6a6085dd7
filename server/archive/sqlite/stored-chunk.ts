import { largeValuesSchema } from "../../../protocol/large-values.ts";
import type { ValueChunk } from "../archive.ts";
import type { NewChunk, StoredChunk } from "./thread-messages.ts";

export function storedChunk({ range, packed, large }: ValueChunk): NewChunk {
  if (large.length === 0) return { range, packed, largeJson: null, blobIds: [], bytes: packed.byteLength };
  const bytes = large.reduce((sum, value) => sum + value.bytes, packed.byteLength);
  return { range, packed, largeJson: JSON.stringify(large), blobIds: large.map(({ blobId }) => blobId), bytes };
}

/** A chunk as read, with the references to large values cut to its range. */
export function valueChunk({ range, packed, largeJson }: StoredChunk): ValueChunk {
  const large = largeJson === null ? [] : largeValuesSchema.parse(JSON.parse(largeJson));
  return { range, packed, large: large.filter(({ index }) => index >= range[0] && index < range[1]) };
}
