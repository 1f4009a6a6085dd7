import { packValues } from "../../../protocol/packed-values.ts";
import type { AcceptedAnswer } from "../../../scheduler/verification/verification.ts";
import { storedChunk } from "./stored-chunk.ts";
import type { NewChunk, StoredHeldOutput } from "./thread-messages.ts";

/** Tasks from the first to the last of a group: what is held of them is read at once. */
const GROUP_TASKS = 256;
/** Packed bytes of one chunk of results, but for a single output that is longer. */
const CHUNK_BYTES = 1024 * 1024;

/** Ascending tasks in groups that stand near each other. */
export function nearTasks(ascending: readonly AcceptedAnswer[]): AcceptedAnswer[][] {
  const groups: AcceptedAnswer[][] = [];
  let first = -Infinity;
  for (const accepted of ascending) {
    if (accepted.index - first >= GROUP_TASKS) {
      groups.push([]);
      first = accepted.index;
    }
    groups.at(-1)?.push(accepted);
  }
  return groups;
}

/** Outputs of ascending tasks as chunks of results, one for each stretch of consecutive tasks. */
export function chunksOf(outputs: readonly StoredHeldOutput[]): NewChunk[] {
  const chunks: NewChunk[] = [];
  for (let start = 0; start < outputs.length;) {
    let end = start;
    for (let bytes = 0; end < outputs.length && follows(outputs, start, end); end++) {
      bytes += outputs[end]?.value.byteLength ?? 0;
      if (bytes > CHUNK_BYTES && end > start) break;
    }
    chunks.push(chunkOf(outputs.slice(start, end)));
    start = end;
  }
  return chunks;
}

function follows(outputs: readonly StoredHeldOutput[], start: number, at: number): boolean {
  return outputs[at]?.index === (outputs[start]?.index ?? 0) + at - start;
}

function chunkOf(outputs: readonly StoredHeldOutput[]): NewChunk {
  const from = outputs[0]?.index ?? 0;
  const large = outputs.flatMap((output) => (output.large === null ? [] : [output.large]));
  return storedChunk({ range: [from, from + outputs.length], packed: packValues(outputs.map(({ value }) => value)), large });
}
