import * as fc from "fast-check";
import { expect, test } from "vitest";
import draw, { escapeTime, inputs, view } from "./job.ts";

test("escapeTime: points of the set never escape, in its two large parts and outside them", () => {
  for (const [x, y] of [[0, 0], [-1, 0], [0.25, 0], [-0.12256, 0.74486], [-2, 0], [0, 1], [-1.7548776662, 0]] as const) {
    expect(escapeTime(x, y, 2000), `${x} + ${y}i`).toBe(Infinity);
  }
});

test("escapeTime: points outside escape, and the sooner the farther they are", () => {
  const ways = [[0.26, 0], [0.3, 0], [0.5, 0], [1, 0], [2, 0]].map(([x = 0, y = 0]) => escapeTime(x, y, 2000));
  expect(ways.every(Number.isFinite)).toBe(true);
  expect(ways).toEqual(ways.toSorted((a, b) => b - a));
});

test("escapeTime: nothing of |c| > 2 belongs to the set", () => {
  fc.assert(fc.property(fc.double({ min: 2.001, max: 4, noNaN: true }), fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }), (radius, angle) => {
    expect(escapeTime(radius * Math.cos(angle), radius * Math.sin(angle), 500)).toBeLessThan(500);
  }));
});

test("inputs: the tiles cover every pixel once", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200 }), fc.integer({ min: 7, max: 90 }), (width, height, tile) => {
    const covered = new Uint8Array(width * height);
    for (const { x, y, width: w, height: h } of inputs({ width, height, tile })) {
      for (let row = y; row < y + h; row++) for (let column = x; column < x + w; column++) covered[row * width + column] = (covered[row * width + column] ?? 0) + 1;
    }
    expect(covered.every((times) => times === 1)).toBe(true);
  }), { numRuns: 20 });
  expect(view({ width: 7 })).toEqual({ kind: "image", width: 7, height: 1080 });
});

test("draw: black inside, bright outside, and cut into tiles it is the same picture", () => {
  const [whole] = [...inputs({ width: 40, height: 40, tile: 40 })].map(draw);
  const pixel = (x: number, y: number) => [...(whole?.rgba.subarray(4 * (40 * y + x), 4 * (40 * y + x) + 4) ?? [])];
  expect(pixel(27, 20)).toEqual([0, 0, 0, 255]);
  expect(Math.max(...pixel(2, 2).slice(0, 3))).toBeGreaterThan(40);
  for (const { x, y, width, height, rgba } of [...inputs({ width: 40, height: 40, tile: 17 })].map(draw)) {
    for (let i = 0; i < width * height; i++) {
      const there = pixel(x + (i % width), y + Math.floor(i / width));
      rgba.subarray(4 * i, 4 * i + 4).forEach((channel, c) => expect(Math.abs(channel - (there[c] ?? NaN))).toBeLessThan(3));
    }
  }
});
