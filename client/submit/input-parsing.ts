import type { Json } from "../../protocol/value-json.ts";
import { isJson } from "../result/output.ts";
import { jsonErrorLine } from "./json-error-line.ts";

/** What a person gave as inputs: read, or what is wrong with it and where. */
export type ParsedInputs =
  | { readonly ok: true; readonly values: readonly Json[] }
  | { readonly ok: false; readonly errors: readonly InputError[] };

/** Lines count from 1; null where the whole is meant. */
export interface InputError {
  readonly line: number | null;
  readonly message: string;
}

export type DataFormat = "json" | "ndjson" | "csv" | "lines";

/** More errors than this tell nothing new. */
const MAX_ERRORS = 20;
/** More inputs than a page can hold; the command line streams them. */
export const MAX_PASTED_INPUTS = 1_000_000;

/** The format that a file's name stands for, or that its text begins like. */
export function guessFormat(fileName: string | null, text: string): DataFormat {
  const extension = fileName?.toLowerCase().match(/\.([a-z]+)$/)?.[1];
  if (extension === "csv" || extension === "tsv") return "csv";
  if (extension === "ndjson" || extension === "jsonl") return "ndjson";
  if (extension === "json") return "json";
  const start = text.trimStart();
  if (start.startsWith("[")) return parseJsonList(text).ok ? "json" : firstLineIsJson(start) ? "ndjson" : "json";
  return start.startsWith("{") ? "ndjson" : "lines";
}

/** Reads data in its format. CSV brings its parser along when it is first needed. */
export async function parseData(format: DataFormat, text: string): Promise<ParsedInputs> {
  const parsed = await parseAs(format, text);
  if (!parsed.ok) return parsed;
  if (parsed.values.length === 0) return failure(null, "Cannot read inputs: there are none yet");
  if (parsed.values.length > MAX_PASTED_INPUTS) {
    return failure(null, `Cannot take more than ${MAX_PASTED_INPUTS.toLocaleString("en")} inputs in a page: there are ${parsed.values.length.toLocaleString("en")}. Use a range, or the command line`);
  }
  return parsed;
}

function parseAs(format: DataFormat, text: string): Promise<ParsedInputs> | ParsedInputs {
  switch (format) {
    case "json": return parseJsonList(text);
    case "ndjson": return parseNdjson(text);
    case "csv": return parseCsv(text);
    case "lines": return parseLines(text);
  }
}

/** A JSON list: its items are the inputs. */
export function parseJsonList(text: string): ParsedInputs {
  if (text.trim() === "") return { ok: true, values: [] };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return failure(jsonErrorLine(text), `Cannot read this JSON: ${reason(error)}`);
  }
  if (!Array.isArray(json)) return failure(1, "Cannot take inputs from this JSON: it is no list. Write [ … ] around it, one item an input");
  return { ok: true, values: json.filter(isJson) };
}

/** One JSON value a line; empty lines are left out. */
export function parseNdjson(text: string): ParsedInputs {
  return eachLine(text, (line) => {
    const json: unknown = JSON.parse(line);
    if (!isJson(json)) throw new Error("it is not JSON");
    return json;
  });
}

/** One input a line: a number or other JSON where it is such, otherwise text. */
export function parseLines(text: string): ParsedInputs {
  return eachLine(text, (line) => {
    try {
      const json: unknown = JSON.parse(line);
      return isJson(json) ? json : line;
    } catch {
      // Not JSON is text: that is what this format promises.
      return line;
    }
  });
}

/** A table whose first line names the columns: each further line is an input, an object by these names. */
export async function parseCsv(text: string): Promise<ParsedInputs> {
  const { default: papa } = await import("papaparse");
  const { data, errors, meta } = papa.parse<unknown>(text, { header: true, dynamicTyping: true, skipEmptyLines: "greedy" });
  const told = errors.filter(({ code }) => code !== "UndetectableDelimiter");
  const first = told[0];
  if (first !== undefined) {
    return {
      ok: false,
      errors: told.slice(0, MAX_ERRORS).map(({ row, message }) => ({
        line: row === undefined ? null : row + 2,
        message: `Cannot read this line of CSV: ${message}`,
      })),
    };
  }
  if (meta.fields?.some((field) => field.trim() === "") === true) return failure(1, "Cannot read this CSV: a column has no name in the first line");
  return { ok: true, values: data.filter(isJson) };
}

function eachLine(text: string, read: (line: string) => Json): ParsedInputs {
  const values: Json[] = [];
  const errors: InputError[] = [];
  for (const [i, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "") continue;
    try {
      values.push(read(line));
    } catch (error) {
      errors.push({ line: i + 1, message: `Cannot read this line as JSON: ${reason(error)}` });
      if (errors.length >= MAX_ERRORS) break;
    }
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, values };
}

function firstLineIsJson(text: string): boolean {
  return parseNdjson(text.slice(0, text.indexOf("\n") === -1 ? undefined : text.indexOf("\n"))).ok;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function failure(line: number | null, message: string): ParsedInputs {
  return { ok: false, errors: [{ line, message }] };
}
