import { largeValuesSchema } from "../../../protocol/large-values.ts";
import type { ValueChunk } from "../archive.ts";
import type { StoredChunk } from "./thread-messages.ts";

export function storedChunk({ range, packed, large }: ValueChunk): StoredChunk {
  return { range, packed, largeJson: large.length === 0 ? null : JSON.stringify(large) };
}

/** A chunk as read, with the references to large values cut to its range. */
export function valueChunk({ range, packed, largeJson }: StoredChunk): ValueChunk {
  const large = largeJson === null ? [] : largeValuesSchema.parse(JSON.parse(largeJson));
  return { range, packed, large: large.filter(({ index }) => index >= range[0] && index < range[1]) };
}
