import type { Submission } from "../../protocol/http/submission.ts";
import type { PackedValues } from "../../protocol/packed-values.ts";
import { decodeValue, encodeValue } from "../../protocol/value.ts";
import { jsonToValue, valueToJson, type Json } from "../../protocol/value-json.ts";

/** The inputs of a job before it is submitted, however they were given. */
export type JobInputs =
  | { readonly kind: "module"; readonly packed: PackedValues }
  | { readonly kind: "range"; readonly start: number; readonly end: number; readonly step: number; readonly count: number }
  | { readonly kind: "data"; readonly values: readonly Json[] };

/** Inputs written between two breaths of the page. */
const WRITTEN_AT_ONCE = 20_000;

export function countInputs(inputs: JobInputs): number {
  switch (inputs.kind) {
    case "module": return inputs.packed.count;
    case "range": return inputs.count;
    case "data": return inputs.values.length;
  }
}

/** The input of one task as tagged JSON. Throws RangeError where there is none. */
export function inputAt(inputs: JobInputs, index: number): Json {
  const count = countInputs(inputs);
  if (!Number.isInteger(index) || index < 0 || index >= count) throw new RangeError(`Cannot take input ${index}: there are ${count}, from 0 to ${count - 1}`);
  switch (inputs.kind) {
    case "module": return valueToJson(decodeValue(inputs.packed.at(index)));
    case "range": return inputs.start + index * inputs.step;
    case "data": return inputs.values[index] ?? null;
  }
}

/** The input of one task as a slot takes it. */
export function encodedInputAt(inputs: JobInputs, index: number): Uint8Array {
  return encodeValue(jsonToValue(inputAt(inputs, index)));
}

/** The first inputs, each on one line, for a look at them. */
export function previewInputs(inputs: JobInputs, shown: number): string[] {
  return Array.from({ length: Math.min(shown, countInputs(inputs)) }, (_, index) => JSON.stringify(inputAt(inputs, index)));
}

/** The inputs as the hub takes them. Gives the page room to breathe where they are many. */
export async function submittedInputs(inputs: JobInputs): Promise<Submission["inputs"]> {
  if (inputs.kind === "range") return { range: { start: inputs.start, end: inputs.end, step: inputs.step } };
  const lines: string[] = [];
  const count = countInputs(inputs);
  for (let index = 0; index < count; index++) {
    lines.push(JSON.stringify(inputAt(inputs, index)));
    if (index % WRITTEN_AT_ONCE === WRITTEN_AT_ONCE - 1) await breath();
  }
  return { ndjson: lines.join("\n") };
}

function breath(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
