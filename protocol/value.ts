import { Decoder, ExtensionCodec } from "@msgpack/msgpack";
import { GridError } from "./grid-error.ts";
import { LIMITS } from "./limits.ts";
import { EXTENSION_BY_TAG, ValueEncoder, type NumberArray } from "./value-encoder.ts";

/** What a task takes and gives: whatever MessagePack carries, and typed arrays as extensions of it. */
export type Value =
  | null | boolean | number | bigint | string | Uint8Array | NumberArray | Date
  | readonly Value[]
  | { readonly [key: string]: Value };

const extensionCodec = new ExtensionCodec();
for (const { tag, fromBytes } of EXTENSION_BY_TAG) {
  extensionCodec.register({ type: tag, encode: () => null, decode: fromBytes });
}

const decoder = new Decoder({
  extensionCodec,
  useBigInt64: true,
  maxStrLength: LIMITS.valueBytes,
  maxBinLength: LIMITS.valueBytes,
  maxArrayLength: LIMITS.valueBytes,
  maxMapLength: LIMITS.valueBytes,
  maxExtLength: LIMITS.valueBytes,
});
const encoder = new ValueEncoder();

/**
 * Encodes one value. One that cannot be carried throws GridError "unsupported-value" and names the path inside the
 * value, for example `$.tiles[3].draw`. `undefined` as a whole is carried as null; an undefined property is left out.
 */
export function encodeValue(value: unknown): Uint8Array<ArrayBuffer> {
  return encoder.encode(value);
}

/** Decodes one value. Throws GridError "malformed". A bigint stays a bigint, -0 stays -0. */
export function decodeValue(bytes: Uint8Array): Value {
  let decoded: unknown;
  try {
    decoded = decoder.decode(bytes);
  } catch (error) {
    throw new GridError("malformed", `Cannot decode a value: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (!isValue(decoded)) throw new GridError("malformed", "Cannot decode a value: it holds a type that no value has");
  return decoded;
}

/** Whether something decoded is a Value through and through. */
export function isValue(candidate: unknown): candidate is Value {
  switch (typeof candidate) {
    case "boolean": case "number": case "bigint": case "string": return true;
    case "object":
      if (candidate === null || ArrayBuffer.isView(candidate) || candidate instanceof Date) return true;
      if (Array.isArray(candidate)) return candidate.every(isValue);
      return Object.values(candidate).every(isValue);
    default: return false;
  }
}
