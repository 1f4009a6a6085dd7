import { LIMITS } from "../protocol/limits.ts";

/** A value in base64 and its frame: no honest line is longer. */
const LINE_MAX_CHARS = 2 * LIMITS.valueBytes;

/** Lines of a stream of UTF-8, without their ends, empty ones left out. Throws RangeError when a line passes 128 MiB. */
export async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = stream.getReader();
  const utf8 = new TextDecoder();
  // Parts of a line are joined once, at its end: a line of 64 MiB comes in thousands of pieces.
  let parts: string[] = [];
  let chars = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const pieces = (done ? utf8.decode() : utf8.decode(value, { stream: true })).split("\n");
      const rest = pieces.pop() ?? "";
      for (const piece of pieces) {
        const line = (parts.join("") + piece).trimEnd();
        parts = [];
        chars = 0;
        if (line !== "") yield line;
      }
      parts.push(rest);
      chars += rest.length;
      if (chars > LINE_MAX_CHARS) throw new RangeError(`Cannot read this line: it is longer than ${LINE_MAX_CHARS} characters`);
      if (done) break;
    }
    const last = parts.join("").trimEnd();
    if (last !== "") yield last;
  } finally {
    // Also where the reader leaves early: the hub then stops sending.
    await reader.cancel();
  }
}
