import { countIndexes, type IndexRange } from "../../protocol/index-range.ts";
import type { ResultLine } from "../../protocol/http/result.ts";
import type { ResultsRange } from "../../sdk/hub-client.ts";
import { merged } from "./loaded-outputs.ts";
import { readLines } from "./output.ts";
import { readTile, type Tile } from "./tile.ts";

/** Past this many waiting tiles the hub's picture of them all is the shorter way. */
const MAX_WAITING_TILES = 256;
/** So many tiles are asked for at once. */
const TILES_PER_REQUEST = 32;

export interface TileFeedOptions {
  readonly read: (range: ResultsRange) => AsyncIterable<ResultLine>;
  readonly picture: { readonly width: number; readonly height: number };
  readonly onTile: (tile: Tile) => void;
  /** Tiles were left out, or could not be read: show the hub's picture anew. */
  readonly onSkipped: () => void;
}

/** Reads the tiles of a picture as they become readable, one request at a time. */
export class TileFeed {
  readonly #options: TileFeedOptions;
  #waiting: IndexRange[] = [];
  #running = false;

  constructor(options: TileFeedOptions) {
    this.#options = options;
  }

  /** These indexes became readable. Settles when there is nothing left to do. */
  async announce(ranges: readonly IndexRange[]): Promise<void> {
    this.#waiting = merged([...this.#waiting, ...ranges]);
    if (countIndexes(this.#waiting) > MAX_WAITING_TILES) this.#skip();
    if (this.#running) return;
    this.#running = true;
    try {
      for (let range = this.#take(); range !== null; range = this.#take()) await this.#draw(range);
    } catch {
      // The hub's picture holds the same tiles, so a failed read costs only the wait for it.
      this.#skip();
    } finally {
      this.#running = false;
    }
  }

  #take(): IndexRange | null {
    const first = this.#waiting.shift();
    if (first === undefined) return null;
    const [from, to] = first;
    if (to - from <= TILES_PER_REQUEST) return first;
    this.#waiting.unshift([from + TILES_PER_REQUEST, to]);
    return [from, from + TILES_PER_REQUEST];
  }

  async #draw([from, to]: IndexRange): Promise<void> {
    for await (const line of this.#options.read({ from, to })) {
      for (const { value } of readLines([line]).outputs) {
        const tile = readTile(value, this.#options.picture);
        if (tile !== null) this.#options.onTile(tile);
      }
    }
  }

  #skip(): void {
    this.#waiting = [];
    this.#options.onSkipped();
  }
}
