import fc from "fast-check";
import { expect, test } from "vitest";
import type { IndexRange } from "../../protocol/index-range.ts";
import type { ResultsRange } from "../../sdk/hub-client.ts";
import { LoadedOutputs, merged } from "./loaded-outputs.ts";

/** A hub that has these results and counts the lines that were read of it. */
function hubWith(readable: Set<number>, output: (index: number) => unknown = (index) => index) {
  const counts = { lines: 0, requests: 0 };
  async function* read({ from = 0, to = Infinity }: ResultsRange) {
    counts.requests++;
    for (const index of [...readable].toSorted((a, b) => a - b)) {
      if (index < from || index >= to) continue;
      counts.lines++;
      yield { index, output: output(index) };
    }
  }
  return { read, counts };
}

const indexes = (loaded: LoadedOutputs) => loaded.state().outputs.map(({ index }) => index);
const upTo = (count: number) => new Set(Array.from({ length: count }, (_, i) => i));

test("LoadedOutputs: a page reads a thousand outputs and no more, the next goes on behind it", async () => {
  const { read, counts } = hubWith(upTo(1_500));
  const loaded = new LoadedOutputs(read, 1_500);
  await loaded.loadMore();
  expect(indexes(loaded)).toHaveLength(1_000);
  expect(counts.lines).toBe(1_000);
  expect(loaded.state()).toMatchObject({ upTo: 1_000, more: "yes", status: "ready" });
  await loaded.loadMore();
  expect(indexes(loaded)).toHaveLength(1_500);
  expect(loaded.state()).toMatchObject({ upTo: 1_500, more: "no" });
});

test("LoadedOutputs: large outputs end a page early", async () => {
  const { read } = hubWith(upTo(100), () => ({ $bytes: "A".repeat(1_000_000) }));
  const loaded = new LoadedOutputs(read, 100);
  await loaded.loadMore();
  expect(indexes(loaded)).toHaveLength(8);
});

test("LoadedOutputs: results that come later take their place in index order, those further on wait for their page", async () => {
  const readable = new Set([5, 1_000_000]);
  const { read } = hubWith(readable);
  const loaded = new LoadedOutputs(read, 2_000_000);
  await loaded.loadMore();
  expect(indexes(loaded)).toEqual([5, 1_000_000]);
  readable.add(2);
  readable.add(7);
  await loaded.announce([[7, 8], [2, 3]]);
  expect(indexes(loaded)).toEqual([2, 5, 7, 1_000_000]);
});

test("LoadedOutputs: a failed read is told, and another try goes on", async () => {
  const { read } = hubWith(upTo(3));
  let broken = true;
  const loaded = new LoadedOutputs((range) => {
    if (broken) throw new Error("Cannot read results of job x: the hub cannot be reached");
    return read(range);
  }, 3);
  await loaded.loadMore();
  expect(loaded.state()).toMatchObject({ status: "failed", error: expect.stringContaining("cannot be reached") });
  broken = false;
  await loaded.loadMore();
  expect(loaded.state()).toMatchObject({ status: "ready", error: null });
  expect(indexes(loaded)).toEqual([0, 1, 2]);
});

test("LoadedOutputs: however results become readable, everything below upTo is there once (R2)", async () => {
  const step = fc.record({ ranges: fc.array(fc.tuple(fc.nat({ max: 3_000 }), fc.integer({ min: 1, max: 1_500 })), { maxLength: 4 }), more: fc.boolean() });
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
    const readable = new Set<number>();
    const loaded = new LoadedOutputs(hubWith(readable).read, 4_500);
    for (const { ranges, more } of steps) {
      const news: IndexRange[] = ranges.map(([from, count]) => [from, from + count]);
      for (const [from, to] of news) for (let i = from; i < to; i++) readable.add(i);
      await Promise.all([loaded.announce(news), more ? loaded.loadMore() : undefined]);
      const below = [...readable].filter((index) => index < loaded.state().upTo).toSorted((a, b) => a - b);
      expect(indexes(loaded)).toEqual(below);
    }
  }), { numRuns: 50 });
});

test("merged: ranges that touch become one, and many become one stretch", () => {
  expect(merged([[4, 6], [0, 2], [2, 3], [5, 9]])).toEqual([[0, 3], [4, 9]]);
  expect(merged(Array.from({ length: 40 }, (_, i) => [3 * i, 3 * i + 1]))).toEqual([[0, 118]]);
});
