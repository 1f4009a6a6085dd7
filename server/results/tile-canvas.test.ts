import * as fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { encodeValue } from "../../protocol/value.ts";
import { PICTURE_LIMITS } from "../limits.ts";
import { TileCanvas } from "./tile-canvas.ts";

function plain(x: number, y: number, width: number, height: number, colour: readonly [number, number, number, number]): Uint8Array {
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < rgba.length; i += 4) rgba.set(colour, i);
  return encodeValue({ x, y, width, height, rgba });
}

async function pixelsOf(canvas: TileCanvas): Promise<{ width: number; height: number; at: (x: number, y: number) => number[] }> {
  const { data, info } = await sharp(await canvas.png("final")).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, at: (x, y) => [...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4)] };
}

describe("TileCanvas", () => {
  test("TileCanvas: tiles stand where they say, the rest is transparent", async () => {
    const canvas = new TileCanvas({ width: 5, height: 4 });
    canvas.draw(0, plain(0, 0, 2, 2, [255, 0, 0, 255]));
    canvas.draw(1, plain(3, 1, 2, 3, [0, 0, 255, 255]));
    const picture = await pixelsOf(canvas);
    expect([picture.width, picture.height]).toEqual([5, 4]);
    const red = [255, 0, 0, 255];
    const blue = [0, 0, 255, 255];
    expect([picture.at(0, 0), picture.at(1, 1), picture.at(3, 1), picture.at(4, 3)]).toEqual([red, red, blue, blue]);
    expect([picture.at(2, 0), picture.at(3, 0), picture.at(0, 2)].map((pixel) => pixel[3])).toEqual([0, 0, 0]);
    expect(canvas.skipped).toBe(0);
  });

  test.each([
    ["no object", 7],
    ["no rgba", { x: 0, y: 0, width: 1, height: 1 }],
    ["rgba too short", { x: 0, y: 0, width: 2, height: 2, rgba: new Uint8Array(15) }],
    ["rgba too long", { x: 0, y: 0, width: 2, height: 2, rgba: new Uint8Array(17) }],
    ["beyond the right side", { x: 3, y: 0, width: 2, height: 1, rgba: new Uint8Array(8) }],
    ["below the bottom", { x: 0, y: 4, width: 1, height: 1, rgba: new Uint8Array(4) }],
    ["a negative place", { x: -1, y: 0, width: 1, height: 1, rgba: new Uint8Array(4) }],
    ["a broken place", { x: 0.5, y: 0, width: 1, height: 1, rgba: new Uint8Array(4) }],
    ["no size", { x: 0, y: 0, width: 0, height: 0, rgba: new Uint8Array(0) }],
  ])("TileCanvas: a bad tile is skipped and counted: %s (R9)", async (_, output) => {
    const canvas = new TileCanvas({ width: 4, height: 4 });
    canvas.draw(3, encodeValue(output));
    canvas.draw(3, encodeValue(output));
    expect(canvas.skipped).toBe(1);
    expect((await pixelsOf(canvas)).at(0, 0)).toEqual([0, 0, 0, 0]);
  });

  test("TileCanvas: any bytes are drawn or skipped, never an error (R9)", () => {
    const good = plain(1, 1, 2, 2, [9, 9, 9, 9]);
    fc.assert(fc.property(fc.nat(good.length - 1), fc.nat(255), fc.uint8Array({ maxLength: 40 }), (at, byte, noise) => {
      const canvas = new TileCanvas({ width: 4, height: 4 });
      canvas.draw(0, good.with(at, byte));
      canvas.draw(1, noise);
      canvas.draw(2, undefined);
      expect(canvas.skipped).toBeGreaterThanOrEqual(1);
    }));
  });

  test("TileCanvas: 8192 x 8192 is kept whole, more is drawn smaller within the same memory", async () => {
    expect(new TileCanvas({ width: 8_192, height: 8_192 }).scale).toBe(1);
    const canvas = new TileCanvas({ width: 16_384, height: 16_384 });
    expect(canvas.scale).toBe(2);
    expect(canvas.bytes).toBeLessThanOrEqual(PICTURE_LIMITS.canvasBytes);
  });

  test("TileCanvas: a picture that is drawn smaller has every tile at its place, whatever the tiles' sides", async () => {
    const canvas = new TileCanvas({ width: 16_384, height: 8_192 });
    expect(canvas.scale).toBe(2);
    canvas.draw(0, plain(0, 0, 3, 3, [255, 0, 0, 255]));
    canvas.draw(1, plain(3, 0, 3, 3, [0, 255, 0, 255]));
    canvas.draw(2, plain(16_383, 8_191, 1, 1, [1, 1, 1, 255]));
    const picture = await pixelsOf(canvas);
    expect([picture.width, picture.height]).toEqual([8_192, 4_096]);
    expect([0, 1, 2].map((x) => picture.at(x, 1))).toEqual([[255, 0, 0, 255], [255, 0, 0, 255], [0, 255, 0, 255]]);
    expect(picture.at(3, 0)).toEqual([0, 0, 0, 0]);
    expect(canvas.skipped).toBe(0);
  });
});
