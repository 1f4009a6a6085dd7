import type { Request } from "./thread-messages.ts";

/**
 * Copies the payloads of all requests into one buffer that can be transferred. Posted as they are, each payload would
 * cost an allocation of its own on the other side, and one that is a view would drag the whole buffer behind it along.
 */
export function gatherPayloads(requests: readonly Request[]): { requests: readonly Request[]; buffer: ArrayBuffer } {
  let bytes = 0;
  for (const { operation } of requests) {
    if ("chunk" in operation) bytes += operation.chunk.packed.byteLength;
  }
  const arena = new Uint8Array(bytes);
  let at = 0;
  const gathered = requests.map(({ id, operation }) => {
    if (!("chunk" in operation)) return { id, operation };
    const from = at;
    arena.set(operation.chunk.packed, from);
    at += operation.chunk.packed.byteLength;
    return { id, operation: { ...operation, chunk: { ...operation.chunk, packed: arena.subarray(from, at) } } };
  });
  return { requests: gathered, buffer: arena.buffer };
}
