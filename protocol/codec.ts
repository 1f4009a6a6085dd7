import { Decoder, Encoder } from "@msgpack/msgpack";
import type * as z from "zod/mini";
import { downSchema, type Down } from "./down.ts";
import { GridError } from "./grid-error.ts";
import { LIMITS } from "./limits.ts";
import { upSchema, type Up } from "./up.ts";

const encoder = new Encoder({ ignoreUndefined: true });
const decoder = new Decoder({
  maxStrLength: LIMITS.errorStackChars * 4,
  maxBinLength: LIMITS.packedBytes,
  maxArrayLength: LIMITS.batchTasks,
  maxMapLength: 32,
  maxExtLength: 0,
});

export function encodeUp(message: Up): Uint8Array<ArrayBuffer> {
  return encoder.encode(message);
}

export function encodeDown(message: Down): Uint8Array<ArrayBuffer> {
  return encoder.encode(message);
}

/** Any bytes become a message, or a GridError "malformed" or "too-large". */
export function decodeUp(frame: Uint8Array): Up {
  return decode(upSchema, frame);
}

/** Any bytes become a message, or a GridError "malformed" or "too-large". */
export function decodeDown(frame: Uint8Array): Down {
  return decode(downSchema, frame);
}

function decode<T>(schema: z.ZodMiniType<T>, frame: Uint8Array): T {
  if (frame.byteLength > LIMITS.frameBytes) {
    throw new GridError("too-large", `Cannot read this frame: it is ${frame.byteLength} bytes, the limit is ${LIMITS.frameBytes}`);
  }
  let raw: unknown;
  try {
    raw = decoder.decode(frame);
  } catch (error) {
    throw new GridError("malformed", `Cannot read this frame: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new GridError("malformed", `Cannot read this frame: ${issue?.path.join(".") ?? ""} ${issue?.message ?? "does not fit its schema"}`);
  }
  return parsed.data;
}
