import type { Job, TaskMap } from "../../protocol/http/job.ts";
import { formatCount, formatShare } from "../format/quantity.ts";

/** As many stretches as a job is divided into, however many tasks it has. */
export const MAP_BUCKETS = 600;

const TILE_MAX = 22;
const TILE_MIN = 6;
const GAP = 2;
/** Few tasks give large tiles, many give small ones: about this many rows. */
const ROWS_WANTED = 12;

export interface MapLayout {
  readonly columns: number;
  /** Distance from tile to tile, and side of a tile, in CSS pixels. */
  readonly pitch: number;
  readonly tile: number;
  readonly height: number;
}

/** How the tiles lie in a width in CSS pixels: all within it, in reading order. */
export function mapLayout(tiles: number, width: number): MapLayout {
  if (tiles === 0 || width <= 0) return { columns: 1, pitch: TILE_MAX + GAP, tile: TILE_MAX, height: TILE_MAX };
  const wanted = Math.sqrt((width * ROWS_WANTED * TILE_MIN * 2) / tiles);
  const roughPitch = Math.min(TILE_MAX + GAP, Math.max(TILE_MIN + GAP, wanted));
  const columns = Math.max(1, Math.floor((width + GAP) / roughPitch));
  const pitch = tiles < columns ? roughPitch : (width + GAP) / columns;
  return { columns, pitch, tile: pitch - GAP, height: Math.ceil(tiles / columns) * pitch - GAP };
}

/** What the map shows, for those who cannot see it: counts, and where failures are. */
export function mapInWords(tasks: Job["tasks"], map: TaskMap): string {
  const failing = map.buckets.filter(({ failed }) => failed > 0);
  const first = failing[0];
  const last = failing.at(-1);
  const where = first === undefined || last === undefined ? "" : ` Failures lie between tasks ${formatCount(first.from)} and ${formatCount(last.to - 1)}.`;
  return `Map of ${formatCount(tasks.total)} tasks: ${formatShare(tasks.done, tasks.total)} done, ${formatCount(tasks.running)} running, `
    + `${formatCount(tasks.failed)} failed, ${formatCount(tasks.pending)} waiting.${where}`;
}
