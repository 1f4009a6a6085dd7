import fc from "fast-check";
import { expect, test } from "vitest";
import { readTile } from "./tile.ts";

const picture = { width: 100, height: 50 };
const rgba = (pixels: number) => new Uint8Array(4 * pixels);

test("readTile: takes a tile that lies inside the picture, up to its last pixel", () => {
  expect(readTile({ x: 90, y: 40, width: 10, height: 10, rgba: rgba(100) }, picture)).toMatchObject({ x: 90, y: 40 });
});

test("readTile: refuses what is no tile, reaches outside, or holds too few or too many pixels (R9)", () => {
  expect(readTile(7, picture)).toBeNull();
  expect(readTile({ x: 0, y: 0, width: 10, height: 10 }, picture)).toBeNull();
  expect(readTile({ x: 91, y: 0, width: 10, height: 10, rgba: rgba(100) }, picture)).toBeNull();
  expect(readTile({ x: -1, y: 0, width: 10, height: 10, rgba: rgba(100) }, picture)).toBeNull();
  expect(readTile({ x: 0, y: 0, width: 10, height: 10, rgba: rgba(99) }, picture)).toBeNull();
  expect(readTile({ x: 0, y: 0, width: 0.5, height: 10, rgba: rgba(5) }, picture)).toBeNull();
});

test("readTile: whatever it takes lies inside the picture", () => {
  const coordinate = fc.integer({ min: -5, max: 120 });
  fc.assert(fc.property(coordinate, coordinate, coordinate, coordinate, (x, y, width, height) => {
    const tile = readTile({ x, y, width, height, rgba: rgba(Math.max(0, width * height)) }, picture);
    const inside = x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= 100 && y + height <= 50;
    expect(tile !== null).toBe(inside);
  }));
});
