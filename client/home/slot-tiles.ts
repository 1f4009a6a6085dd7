/** Tiles of the mosaic that can be lit. */
export interface SlotTiles {
  /** For each tile in reading order, its place in the order in which tiles light up. */
  readonly rank: readonly number[];
  readonly lit: number;
  /** One lit tile stands for up to this many slots. */
  readonly slotsPerTile: number;
}

/** Which of the tiles are lit for this many slots. The same slots light the same tiles, so that only changes are seen. */
export function slotTiles(slots: number, tiles: number): SlotTiles {
  const slotsPerTile = Math.max(1, Math.ceil(slots / tiles));
  return { rank: scattered(tiles), lit: Math.ceil(slots / slotsPerTile), slotsPerTile };
}

/** 0..count-1, each once, spread by multiplication with a number that shares no factor with the count. */
function scattered(count: number): number[] {
  let step = Math.max(1, Math.round(count * 0.618_034));
  while (greatestCommonDivisor(step, count) !== 1) step++;
  return Array.from({ length: count }, (_, tile) => (tile * step) % count);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
