import type { ResultLine } from "../../protocol/http/result.ts";

/** A result as a page shows it: one line of text. */
export interface ShownLine {
  readonly index: number;
  readonly text: string;
  readonly failed: boolean;
}

const LINE_CHARS = 400;
/** Reading stops behind the line that passes this, so that a job with large outputs costs a page no more than others. */
const TOTAL_CHARS = 128 * 1024;

/** Reads result lines for display. Ending early ends the stream. */
export async function readResultLines(lines: AsyncIterable<ResultLine>): Promise<readonly ShownLine[]> {
  const shown: ShownLine[] = [];
  let read = 0;
  for await (const line of lines) {
    const text = "error" in line ? line.error.message : JSON.stringify(line.output);
    shown.push({ index: line.index, text: cut(text), failed: "error" in line });
    read += text.length;
    if (read > TOTAL_CHARS) break;
  }
  return shown;
}

function cut(text: string): string {
  return text.length <= LINE_CHARS ? text : `${text.slice(0, LINE_CHARS)}…`;
}
