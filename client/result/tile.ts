import * as z from "zod/mini";
import { LIMITS } from "../../protocol/limits.ts";
import type { Value } from "../../protocol/value.ts";

const RGBA_BYTES = 4;

const position = z.int().check(z.minimum(0), z.maximum(LIMITS.imageSidePixels));
const side = z.int().check(z.minimum(1), z.maximum(LIMITS.imageSidePixels));

/** A rectangle of a picture: its place and sides in pixels, and its pixels row by row. */
export const tileSchema = z.object({ x: position, y: position, width: side, height: side, rgba: z.instanceof(Uint8Array) });
export type Tile = z.infer<typeof tileSchema>;

/** The tile that an output is; null where it is none, or lies outside a picture of this size. */
export function readTile(value: Value, picture: { readonly width: number; readonly height: number }): Tile | null {
  const parsed = tileSchema.safeParse(value);
  if (!parsed.success) return null;
  const { x, y, width, height, rgba } = parsed.data;
  const fits = x + width <= picture.width && y + height <= picture.height;
  return fits && rgba.byteLength === width * height * RGBA_BYTES ? parsed.data : null;
}

/** Draws the tile at its place. */
export function drawTile(context: CanvasRenderingContext2D, tile: Tile): void {
  context.putImageData(new ImageData(new Uint8ClampedArray(tile.rgba), tile.width, tile.height), tile.x, tile.y);
}
