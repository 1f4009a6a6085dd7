import { afterAll, beforeAll, expect, test } from "vitest";
import { attack, CAMPAIGNS, type CampaignName } from "./campaigns.ts";
import { ExecutableCampaign, EXTREME_SOURCES } from "./executables.ts";

// A share of what `npm run fuzz` does for as long as is asked, with seeds that stay. What is found there is pinned here.

/** Rounds of each: in a minute together, on a quiet machine. */
const SHARES: readonly { readonly kind: CampaignName; readonly rounds: number; readonly runs: number }[] = [
  { kind: "frames", rounds: 3, runs: 4 }, { kind: "http", rounds: 2, runs: 3 }, { kind: "accounts", rounds: 2, runs: 3 }, { kind: "executables", rounds: 2, runs: 2 }, { kind: "inputs", rounds: 3, runs: 2 },
];
/** Those that are read until the time for it is over: `npm run fuzz` tries them. */
const LONG: ReadonlySet<string> = new Set(["a million statements", "a hundred thousand imports", "a hundred thousand exports", "a huge number"]);

test.each(SHARES)("hostile $kind: the hub stays well, keeps no memory, and honest work beside them comes out right (R9)", async ({ kind, rounds, runs }) => {
  const campaign = await CAMPAIGNS[kind](runs);
  const seeds: number[] = [];
  try {
    await attack(campaign, 20_250_101, (done) => done >= rounds, (seed) => seeds.push(seed));
  } finally {
    await campaign.stop();
  }
  expect(seeds).toHaveLength(rounds);
});

let executables: ExecutableCampaign;
beforeAll(async () => { executables = await ExecutableCampaign.start(); });
afterAll(async () => { await executables.stop(); });

test.each(Object.keys(EXTREME_SOURCES).filter((name) => !LONG.has(name)))("a hostile Executable, %s: is answered as stated, and harms nobody (R9)", async (name) => {
  const [stored] = await executables.store(name, EXTREME_SOURCES[name]?.() ?? new Uint8Array(0));
  expect([200, 201, 413, 422]).toContain(stored);
  executables.fire.mustBeWell();
});
