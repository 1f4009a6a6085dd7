import { expect, test } from "vitest";
import draw, { inputs, nearest, view } from "./job.ts";

/** Numbers that repeat, as those of a task do. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

const task = (seed: number) => ({ random: seeded(seed), progress: () => undefined });

test("nearest: a ray meets the first sphere on its way, at its surface", () => {
  const glass = nearest({ origin: [0, 1, 10], direction: [0, 0, -1] });
  expect(glass?.sphere.surface).toBe("glass");
  expect(glass?.distance).toBeCloseTo(9, 9);
  const fromInside = nearest({ origin: [0, 1, 0], direction: [0, 0, -1] });
  expect(fromInside?.distance).toBeCloseTo(1, 9);
  expect(nearest({ origin: [0, 30, 0], direction: [0, 1, 0] })).toBeUndefined();
});

test("inputs: the tiles make up the picture", () => {
  const tiles = [...inputs({ width: 100, height: 70, tile: 30 })];
  expect(tiles.reduce((pixels, { width, height }) => pixels + width * height, 0)).toBe(7000);
  expect(view({ width: 100, height: 70 })).toEqual({ kind: "image", width: 100, height: 70 });
});

test("draw: the same numbers give the same picture, others another (R10)", () => {
  const tile = { x: 0, y: 30, width: 8, height: 4, imageWidth: 96, imageHeight: 54, samples: 4 };
  expect(draw(tile, task(1)).rgba).toEqual(draw(tile, task(1)).rgba);
  expect(draw(tile, task(1)).rgba).not.toEqual(draw(tile, task(2)).rgba);
});

test("draw: more light paths come closer to the true picture", () => {
  const tile = { x: 10, y: 36, width: 6, height: 6, imageWidth: 96, imageHeight: 54, samples: 1 };
  const truth = draw({ ...tile, samples: 400 }, task(7)).rgba;
  const error = (samples: number) => draw({ ...tile, samples }, task(3)).rgba.reduce((sum, channel, i) => sum + (channel - (truth[i] ?? 0)) ** 2, 0);
  expect(error(100)).toBeLessThan(error(4) / 2);
});

test("draw: the sky is bluer above than at the horizon, and every pixel is opaque", () => {
  const blueOverRed = (y: number) => {
    const { rgba } = draw({ x: 0, y, width: 4, height: 1, imageWidth: 96, imageHeight: 54, samples: 8 }, task(5));
    expect(rgba[3]).toBe(255);
    return (rgba[2] ?? NaN) - (rgba[0] ?? NaN);
  };
  expect(blueOverRed(0)).toBeGreaterThan(blueOverRed(18));
});
