import { expect, test } from "vitest";
import type { ResultsRange } from "../../sdk/hub-client.ts";
import { TileFeed } from "./tile-feed.ts";

const SIDE = 20;

function feedOf(read?: () => never) {
  const seen = { tiles: new Array<number>(), skipped: 0, requests: new Array<[number, number]>() };
  const feed = new TileFeed({
    picture: { width: 400, height: 400 },
    onTile: (tile) => seen.tiles.push((tile.y / SIDE) * SIDE + tile.x / SIDE),
    onSkipped: () => seen.skipped++,
    read: async function* ({ from = 0, to = 0 }: ResultsRange) {
      seen.requests.push([from, to]);
      read?.();
      for (let index = from; index < to; index++) {
        const tile = { x: SIDE * (index % SIDE), y: SIDE * Math.floor(index / SIDE), width: 1, height: 1, rgba: { $bytes: "AAAAAA==" } };
        yield { index, output: index === 3 ? "no tile" : tile };
      }
    },
  });
  return { feed, seen };
}

test("TileFeed: every tile that became readable is handed on once, what is no tile is left out", async () => {
  const { feed, seen } = feedOf();
  await feed.announce([[0, 5], [9, 10]]);
  expect(seen.tiles).toEqual([0, 1, 2, 4, 9]);
  expect(seen.skipped).toBe(0);
});

test("TileFeed: long news are read in several requests", async () => {
  const { feed, seen } = feedOf();
  await feed.announce([[100, 180]]);
  expect(seen.requests).toEqual([[100, 132], [132, 164], [164, 180]]);
  expect(seen.tiles).toHaveLength(80);
});

test("TileFeed: too many waiting tiles are left to the hub's picture, and later ones are drawn again", async () => {
  const { feed, seen } = feedOf();
  await feed.announce([[0, 400]]);
  expect(seen).toMatchObject({ tiles: [], skipped: 1 });
  await feed.announce([[7, 8]]);
  expect(seen.tiles).toEqual([7]);
});

test("TileFeed: a failed read asks for the hub's picture", async () => {
  const { feed, seen } = feedOf(() => { throw new Error("Cannot read results of job x: gone"); });
  await feed.announce([[0, 1]]);
  expect(seen).toMatchObject({ tiles: [], skipped: 1 });
});
