import type { ViewKind } from "../../protocol/http/view.ts";
import type { Value } from "../../protocol/value.ts";
import { isRecord, type Output, type RecordValue } from "./output.ts";

/** A file that a task gave: `{ name, bytes }`, with its media type where the task told it. */
export interface OutputFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly type: string;
}

/**
 * How outputs are shown when the job does not say: one value as itself, strings as text, files as files, and anything
 * else as a table. A picture has to be declared, because its size cannot be seen from its tiles.
 */
export function inferView(outputs: readonly Output[], totalTasks: number): Exclude<ViewKind, "image" | "chart"> {
  const first = outputs[0];
  if (first === undefined) return "table";
  if (outputs.every(({ value }) => outputFile(value) !== null)) return "files";
  if (outputs.every(({ value }) => typeof value === "string")) return totalTasks === 1 && !isLong(first.value) ? "value" : "text";
  if (totalTasks === 1 && !isRowList(first.value)) return "value";
  return "table";
}

/** The file that an output is, or null. */
export function outputFile(value: Value): OutputFile | null {
  if (!isRecord(value)) return null;
  const { name, bytes, type } = value;
  if (typeof name !== "string" || name === "" || !(bytes instanceof Uint8Array)) return null;
  return { name, bytes, type: typeof type === "string" ? type : "application/octet-stream" };
}

/** Whether it is a list of objects: rows of a table. */
export function isRowList(value: Value): value is readonly RecordValue[] {
  return Array.isArray(value) && value.length > 0 && value.every(isRecord);
}

const LONG_TEXT_CHARS = 80;

function isLong(value: Value): boolean {
  return typeof value === "string" && (value.length > LONG_TEXT_CHARS || value.includes("\n"));
}
