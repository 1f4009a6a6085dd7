import { GridError } from "../../protocol/grid-error.ts";
import { jsonToValue, type Json } from "../../protocol/value-json.ts";
import { encodeValue } from "../../protocol/value.ts";
import { InputPacker, type InputChunk } from "./input-packer.ts";
import type { SourceError } from "./source-error.ts";
import { SUBMISSION_LIMITS } from "../limits.ts";
import { SubmissionError } from "./submission-error.ts";

export interface PackedInputs {
  readonly tasks: number;
  readonly chunks: readonly InputChunk[];
  readonly largestBytes: number;
}

/** Packs a list of tagged JSON. Throws SubmissionError with the path of every value that cannot be carried. */
export function packList(items: readonly Json[]): PackedInputs {
  const packer = new InputPacker();
  const errors: SourceError[] = [];
  for (let i = 0; i < items.length && errors.length < SUBMISSION_LIMITS.reportedErrors; i++) {
    const why = tryAdd(packer, items[i] ?? null);
    if (why !== null) errors.push({ path: `inputs.${i}`, message: why });
  }
  return finish(packer, errors);
}

/** Packs one value a line, blank lines left out. Throws SubmissionError with the number of every line at fault. */
export function packLines(ndjson: string): PackedInputs {
  const packer = new InputPacker();
  const errors: SourceError[] = [];
  let line = 1;
  for (let from = 0; from < ndjson.length && errors.length < SUBMISSION_LIMITS.reportedErrors; line++) {
    const newline = ndjson.indexOf("\n", from);
    const to = newline === -1 ? ndjson.length : newline;
    const why = tryAddLine(packer, ndjson.slice(from, to).trim());
    if (why !== null) errors.push({ path: "inputs.ndjson", message: why, line, column: 1 });
    from = to + 1;
  }
  return finish(packer, errors);
}

function finish(packer: InputPacker, errors: readonly SourceError[]): PackedInputs {
  const first = errors[0];
  if (first !== undefined) {
    const where = first.line === undefined ? first.path : `line ${first.line}`;
    throw new SubmissionError("invalid-request", `Cannot read the inputs: ${where}: ${first.message}`, errors);
  }
  const tasks = packer.finish();
  if (tasks === 0) throw new GridError("invalid-request", "Cannot read the inputs: there are none; a job needs at least one.");
  return { tasks, chunks: packer.chunks, largestBytes: packer.largestBytes };
}

function tryAddLine(packer: InputPacker, line: string): string | null {
  if (line === "") return null;
  let json: Json;
  try {
    json = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
  return tryAdd(packer, json);
}

/** Why the value was not added, or null. */
function tryAdd(packer: InputPacker, json: Json): string | null {
  try {
    packer.add(encodeValue(jsonToValue(json)));
    return null;
  } catch (error) {
    if (error instanceof GridError) return error.message;
    if (error instanceof RangeError) return "Cannot carry this value: it nests too deeply";
    throw error;
  }
}
