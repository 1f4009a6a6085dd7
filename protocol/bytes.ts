import * as z from "zod/mini";

/** Binary of at most `maxBytes`, as it comes out of MessagePack. */
export function bytesSchema(maxBytes: number) {
  return z.custom<Uint8Array>(
    (candidate) => candidate instanceof Uint8Array && candidate.byteLength <= maxBytes,
    `must be binary of at most ${maxBytes} bytes`,
  );
}
