import sharp from "sharp";
import * as z from "zod/mini";
import { decodeValue } from "../../protocol/value.ts";
import { bytesSchema } from "../../protocol/bytes.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { PICTURE_LIMITS } from "../limits.ts";

const RGBA = 4;
const MAX_SKIPPED_COUNTED = 10_000;
/** zlib's quickest: a picture that grows is encoded every second. */
const GROWING_COMPRESSION = 1;
const FINAL_COMPRESSION = 6;

const coordinate = z.int().check(z.minimum(0), z.maximum(LIMITS.imageSidePixels));
const side = z.int().check(z.minimum(1), z.maximum(LIMITS.imageSidePixels));
const tileSchema = z
  .object({ x: coordinate, y: coordinate, width: side, height: side, rgba: bytesSchema(LIMITS.valueBytes) })
  .check(z.refine(({ width, height, rgba }) => rgba.byteLength === width * height * RGBA, "rgba must hold 4 bytes a pixel"));
type Tile = z.infer<typeof tileSchema>;

/** The picture of an `image` view: RGBA pixels onto which outputs are drawn as tiles. */
export class TileCanvas {
  /** Every how many pixels of the view, in each direction, the canvas keeps one. */
  readonly scale: number;
  readonly bytes: number;
  readonly #viewWidth: number;
  readonly #viewHeight: number;
  readonly #width: number;
  readonly #height: number;
  readonly #pixels: Uint8Array;
  readonly #skipped = new Set<number>();

  constructor(view: { readonly width: number; readonly height: number }) {
    this.#viewWidth = view.width;
    this.#viewHeight = view.height;
    this.scale = scaleFor(view.width, view.height);
    this.#width = Math.ceil(view.width / this.scale);
    this.#height = Math.ceil(view.height / this.scale);
    this.bytes = this.#width * this.#height * RGBA;
    this.#pixels = new Uint8Array(this.bytes);
  }

  /** Outputs that were no tile of this picture, counted up to MAX_SKIPPED_COUNTED. */
  get skipped(): number {
    return this.#skipped.size;
  }

  /** Draws one encoded output. What is no tile inside the picture is skipped and counted. */
  draw(index: number, encoded: Uint8Array | undefined): void {
    const tile = encoded === undefined ? undefined : readTile(encoded);
    if (tile === undefined || tile.x + tile.width > this.#viewWidth || tile.y + tile.height > this.#viewHeight) {
      if (this.#skipped.size < MAX_SKIPPED_COUNTED) this.#skipped.add(index);
      return;
    }
    if (this.scale === 1) this.#drawRows(tile);
    else this.#drawSampled(tile);
  }

  /** The picture as PNG, encoded off the event loop. Tiles may be drawn meanwhile. */
  async png(purpose: "growing" | "final"): Promise<Uint8Array> {
    const raw = { width: this.#width, height: this.#height, channels: RGBA } as const;
    return sharp(this.#pixels, { raw, limitInputPixels: false })
      .png({ compressionLevel: purpose === "final" ? FINAL_COMPRESSION : GROWING_COMPRESSION })
      .toBuffer();
  }

  #drawRows({ x, y, width, height, rgba }: Tile): void {
    const row = width * RGBA;
    for (let i = 0; i < height; i++) {
      this.#pixels.set(rgba.subarray(i * row, (i + 1) * row), ((y + i) * this.#width + x) * RGBA);
    }
  }

  #drawSampled({ x, y, width, height, rgba }: Tile): void {
    const scale = this.scale;
    for (let row = Math.ceil(y / scale); row * scale < y + height; row++) {
      for (let column = Math.ceil(x / scale); column * scale < x + width; column++) {
        const from = ((row * scale - y) * width + column * scale - x) * RGBA;
        const to = (row * this.#width + column) * RGBA;
        for (let i = 0; i < RGBA; i++) this.#pixels[to + i] = rgba[from + i] ?? 0;
      }
    }
  }
}

function scaleFor(width: number, height: number): number {
  let scale = 1;
  while (Math.ceil(width / scale) * Math.ceil(height / scale) * RGBA > PICTURE_LIMITS.canvasBytes) scale++;
  return scale;
}

function readTile(encoded: Uint8Array): Tile | undefined {
  try {
    return tileSchema.safeParse(decodeValue(encoded)).data;
  } catch {
    // Not even a value: skipped and counted like any output that is no tile.
    return undefined;
  }
}
