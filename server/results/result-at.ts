import type { JobId } from "../../protocol/ids.ts";
import { decodeValue } from "../../protocol/value.ts";
import { valueToJson, type Json } from "../../protocol/value-json.ts";
import type { ResultsArchive } from "../archive/archive.ts";
import { missingOutput, unreadableOutput, type OutputError } from "./output-error.ts";
import { visitValues } from "./stored-values.ts";

/** One result as a line of results gives it. */
export type ResultAt =
  | { readonly index: number; readonly output: Json }
  | { readonly index: number; readonly error: OutputError };

/** The output of one task as tagged JSON, or its recorded failure; undefined while it has neither. */
export async function resultAt(archive: ResultsArchive, jobId: JobId, index: number): Promise<ResultAt | undefined> {
  let found: ResultAt | undefined;
  await visitValues(archive, jobId, [index, index + 1], () => true, (_, encoded) => {
    found = encoded === undefined ? { index, error: missingOutput() } : readable(index, encoded);
  });
  if (found !== undefined) return found;
  const [failure] = await archive.failures(jobId, [index, index + 1], 1);
  return failure === undefined ? undefined : { index, error: { message: failure.message, stack: failure.stack } };
}

function readable(index: number, encoded: Uint8Array): ResultAt {
  try {
    return { index, output: valueToJson(decodeValue(encoded)) };
  } catch (error) {
    return { index, error: unreadableOutput(error) };
  }
}
