import type { Problem } from "../../protocol/http/problem.ts";

/** One fault, with its place: a path inside the submission, or line and column (both from 1) of a text. */
export type SourceError = NonNullable<Problem["errors"]>[number];

const EXCERPT_CHARS = 80;
const CARET_LEAD_CHARS = 40;

/** The line of the fault with a caret under it; a window of it where it is long, as minified code is. Empty without a place. */
export function excerpt(source: string, { line, column }: SourceError): string {
  if (line === undefined || column === undefined) return "";
  const text = lineAt(source, line);
  const from = text.length <= EXCERPT_CHARS ? 0 : Math.max(0, column - 1 - CARET_LEAD_CHARS);
  const shown = text.slice(from, from + EXCERPT_CHARS);
  // Tabs stay tabs under the line too, or the caret would stand elsewhere than the fault.
  const lead = shown.slice(0, column - 1 - from).replace(/[^\t]/g, " ");
  const label = `  ${line} | `;
  return `${label}${shown}\n${" ".repeat(label.length - 2)}| ${lead}^`;
}

function lineAt(source: string, line: number): string {
  let from = 0;
  for (let i = 1; i < line; i++) from = source.indexOf("\n", from) + 1;
  const to = source.indexOf("\n", from);
  return source.slice(from, to === -1 ? undefined : to).replace(/\r$/, "");
}
