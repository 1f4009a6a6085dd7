import { expect, test } from "vitest";
import type { ResultLine } from "../../protocol/http/result.ts";
import { readResultLines } from "./result-lines.ts";

test("readResultLines: outputs as JSON, failures as their message", async () => {
  const lines = await readResultLines(from([{ index: 0, output: { steps: 7 } }, { index: 1, error: { message: "no", stack: "at x" } }]));
  expect(lines).toEqual([
    { index: 0, text: '{"steps":7}', failed: false },
    { index: 1, text: "no", failed: true },
  ]);
});

test("readResultLines: a long line is cut, and large outputs end the stream early", async () => {
  let taken = 0;
  async function* large(): AsyncGenerator<ResultLine> {
    for (let index = 0; index < 1_000; index++) {
      taken++;
      yield { index, output: "x".repeat(50_000) };
    }
  }
  const lines = await readResultLines(large());
  expect(lines).toHaveLength(3);
  expect(taken).toBe(3);
  expect(lines[0]?.text.length).toBe(401);
});

async function* from(lines: readonly ResultLine[]): AsyncGenerator<ResultLine> {
  yield* lines;
}
