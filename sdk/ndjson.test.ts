import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readLines } from "./ndjson.ts";

function streamOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

test("readLines: gives the same lines however the bytes are cut", async () => {
  const line = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).filter((text) => !/[\n\r]/.test(text) && text.trimEnd() === text && text !== "");
  await fc.assert(fc.asyncProperty(fc.array(line, { maxLength: 20 }), fc.array(fc.nat(200), { maxLength: 20 }), fc.boolean(), async (lines, cuts, endsInNewline) => {
    const bytes = new TextEncoder().encode(lines.join("\n") + (endsInNewline ? "\n" : ""));
    const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b), bytes.length];
    const chunks = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
    const read: string[] = [];
    for await (const text of readLines(streamOf(chunks))) read.push(text);
    expect(read).toEqual(lines);
  }));
});

test("readLines: leaves empty lines out and takes Windows ends", async () => {
  const read: string[] = [];
  for await (const text of readLines(streamOf([new TextEncoder().encode("a\r\n\r\n\nb")]))) read.push(text);
  expect(read).toEqual(["a", "b"]);
});
