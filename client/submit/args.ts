import type { Json } from "../../protocol/value-json.ts";
import { isJson } from "../result/output.ts";
import { jsonErrorLine } from "./json-error-line.ts";

export type ParsedArgs =
  | { readonly ok: true; readonly args: Json | undefined }
  | { readonly ok: false; readonly message: string };

/** The arguments field: JSON, or nothing at all. */
export function parseArgs(text: string): ParsedArgs {
  if (text.trim() === "") return { ok: true, args: undefined };
  try {
    const json: unknown = JSON.parse(text);
    if (isJson(json)) return { ok: true, args: json };
    return { ok: false, message: "Cannot read the arguments: they hold what JSON does not" };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, message: `Cannot read the arguments as JSON, line ${jsonErrorLine(text)}: ${why}` };
  }
}
