import { drawTile, type Tile } from "./tile.ts";

/** The hub draws its picture anew once a second: what came this long before may be missing from it. */
const HUB_PICTURE_AGE_MS = 4_000;

interface RecentTile {
  readonly tile: Tile;
  readonly atMs: number;
}

/** A picture that grows: the hub's rendering beneath, and above it the tiles that are newer than that. */
export class PictureCanvas {
  readonly #context: CanvasRenderingContext2D;
  #recent: RecentTile[] = [];
  #loads = 0;
  #shownLoad = 0;

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context;
  }

  /** Draws a tile at once. */
  draw(tile: Tile): void {
    const atMs = performance.now();
    this.#recent = this.#recent.filter((recent) => atMs - recent.atMs < 2 * HUB_PICTURE_AGE_MS);
    this.#recent.push({ tile, atMs });
    drawTile(this.#context, tile);
  }

  /** Shows the hub's rendering of all tiles. False where the hub has none yet. Throws where it cannot be read. */
  async showHubPicture(url: string): Promise<boolean> {
    const load = ++this.#loads;
    const askedMs = performance.now();
    const response = await fetch(url);
    if (response.status === 404) return false;
    if (!response.ok) throw new Error(`Cannot load the picture: the hub answered ${response.status} ${response.statusText}`);
    const bitmap = await createImageBitmap(await response.blob());
    // A load that began later has the later picture.
    if (load > this.#shownLoad) {
      this.#shownLoad = load;
      const { canvas } = this.#context;
      this.#context.clearRect(0, 0, canvas.width, canvas.height);
      this.#context.drawImage(bitmap, 0, 0);
      for (const { tile, atMs } of this.#recent) if (atMs > askedMs - HUB_PICTURE_AGE_MS) drawTile(this.#context, tile);
    }
    bitmap.close();
    return true;
  }
}
