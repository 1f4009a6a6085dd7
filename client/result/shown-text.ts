import type { Value } from "../../protocol/value.ts";
import type { Output } from "./output.ts";
import { cellText, readable } from "./table-rows.ts";

/** More text than this is not read on a page, and makes it slow: the downloads have it all. */
const MAX_SHOWN_CHARS = 300_000;

/** The outputs as one text, a line or more a task, in index order. */
export function joinedText(outputs: readonly Output[]): string {
  const parts: string[] = [];
  let chars = 0;
  for (const { value } of outputs) {
    const part = typeof value === "string" ? value : cellText(value);
    parts.push(part.slice(0, MAX_SHOWN_CHARS - chars));
    chars += part.length;
    if (chars >= MAX_SHOWN_CHARS) return `${parts.join("\n")}\n…`;
  }
  return parts.join("\n");
}

/** One answer in full, or as much of it as a page can show. */
export function valueText(value: Value): string {
  const text = typeof value !== "object" ? String(value) : value instanceof Date ? value.toISOString() : JSON.stringify(value, readable, 2);
  return text.length <= MAX_SHOWN_CHARS ? text : `${text.slice(0, MAX_SHOWN_CHARS)}\n…`;
}
