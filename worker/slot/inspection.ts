import { packValues } from "../../protocol/packed-values.ts";
import { decodeValue, encodeValue, type Value } from "../../protocol/value.ts";
import type { FailureText } from "./failure-text.ts";
import { INSPECTED_BYTES, type SlotInspection } from "./slot-messages.ts";

/** Reads what a module exports beside its default: `view` (a value, or a function of the arguments) and `inputs`. */
export async function inspectModule(
  module: object, argsBytes: Uint8Array, maxInputs: number, failureText: (thrown: unknown) => FailureText,
): Promise<SlotInspection> {
  const inspection = { type: "inspected", hasDefault: typeof Reflect.get(module, "default") === "function", view: null, inputs: null, truncated: false, failure: null } as const;
  try {
    const args = decodeValue(argsBytes);
    const view = await called(Reflect.get(module, "view"), args);
    const iterable = await called(Reflect.get(module, "inputs"), args);
    const gathered = iterable === undefined ? null : await gather(iterable, maxInputs);
    return {
      ...inspection,
      view: view === undefined ? null : encodeValue(view),
      inputs: gathered === null ? null : packValues(gathered.values),
      truncated: gathered?.truncated ?? false,
    };
  } catch (error) {
    return { ...inspection, failure: failureText(error) };
  }
}

function called(exported: unknown, args: Value): unknown {
  return typeof exported === "function" ? Reflect.apply(exported, undefined, [args]) : exported;
}

async function gather(iterable: unknown, maxInputs: number): Promise<{ values: Uint8Array[]; truncated: boolean }> {
  if (!isIterable(iterable)) throw new TypeError("Cannot read `inputs`: it is neither iterable nor a function that gives something iterable");
  const values: Uint8Array[] = [];
  let bytes = 0;
  for await (const item of iterable) {
    if (values.length >= maxInputs || bytes >= INSPECTED_BYTES) return { values, truncated: true };
    const encoded = encodeValue(item);
    values.push(encoded);
    bytes += encoded.byteLength;
  }
  return { values, truncated: false };
}

function isIterable(candidate: unknown): candidate is Iterable<unknown> | AsyncIterable<unknown> {
  return typeof candidate === "object" && candidate !== null && (Symbol.iterator in candidate || Symbol.asyncIterator in candidate);
}
