import * as fc from "fast-check";
import { expect, test } from "vitest";
import { slotTiles } from "./slot-tiles.ts";

test("slotTiles: every tile has its own rank, and any slot at all lights a tile", () => {
  fc.assert(fc.property(fc.nat({ max: 100_000 }), fc.integer({ min: 1, max: 400 }), (slots, tiles) => {
    const { rank, lit, slotsPerTile } = slotTiles(slots, tiles);
    expect([...rank].sort((a, b) => a - b)).toEqual(Array.from({ length: tiles }, (_, i) => i));
    expect(lit).toBeLessThanOrEqual(tiles);
    expect(lit > 0).toBe(slots > 0);
    expect(lit * slotsPerTile).toBeGreaterThanOrEqual(slots);
  }));
});

test("slotTiles: one tile a slot while they fit", () => {
  expect(slotTiles(9, 96)).toMatchObject({ lit: 9, slotsPerTile: 1 });
  expect(slotTiles(97, 96)).toMatchObject({ lit: 49, slotsPerTile: 2 });
});
