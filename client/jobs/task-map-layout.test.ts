import * as fc from "fast-check";
import { expect, test } from "vitest";
import { mapInWords, mapLayout } from "./task-map-layout.ts";

test("mapLayout: every tile lies within the width and the height, and can be seen", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 40, max: 2_000 }), (tiles, width) => {
    const { columns, pitch, tile, height } = mapLayout(tiles, width);
    expect(Math.min(columns, tiles) * pitch - (pitch - tile)).toBeLessThanOrEqual(width + 0.001);
    expect(Math.ceil(tiles / columns) * pitch - (pitch - tile)).toBeLessThanOrEqual(height + 0.001);
    expect(tile).toBeGreaterThanOrEqual(4);
  }));
});

test("mapLayout: nothing to lay out is no fault", () => {
  expect(mapLayout(0, 300).columns).toBe(1);
  expect(mapLayout(10, 0).columns).toBe(1);
});

test("mapInWords: says the counts and where failures lie", () => {
  const buckets = [
    { from: 0, to: 100, done: 100, failed: 0, running: 0 },
    { from: 100, to: 200, done: 98, failed: 2, running: 0 },
    { from: 200, to: 300, done: 0, failed: 0, running: 4 },
  ];
  const tasks = { total: 300, pending: 96, running: 4, done: 198, failed: 2 };
  expect(mapInWords(tasks, { total: 300, buckets })).toBe(
    "Map of 300 tasks: 66.0 % done, 4 running, 2 failed, 96 waiting. Failures lie between tasks 100 and 199.",
  );
  expect(mapInWords(tasks, { total: 300, buckets: buckets.slice(0, 1) })).not.toContain("Failures");
});
