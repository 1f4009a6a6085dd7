import { describe, expect, it } from "vitest";
import { SeededRandom } from "../seeded-random.ts";
import type { PlacementCandidate } from "./placement.ts";
import { isPlacementName, PLACEMENT_NAMES, placementPolicy, Placements, placementSummary, type PlacementName } from "./policies.ts";

function candidate(order: number, changes: Partial<PlacementCandidate> = {}): PlacementCandidate {
  return { order, expectedWaitMs: 0, speed: 1, load: 0, totalTimeMs: 0, lastCompletionAtMs: null, ...changes };
}

function policy(name: PlacementName, seed = 1) {
  return placementPolicy(name, 1_000, new SeededRandom(seed));
}

/** The order in which a policy serves candidates, each once. */
function orderOf(name: PlacementName, candidates: readonly PlacementCandidate[]): number[] {
  const round = policy(name).begin(candidates);
  return candidates.map(() => round.take()?.order ?? -1);
}

describe("placementPolicy", () => {
  it("every policy gives each candidate once, takes it back, and then has none", () => {
    for (const name of PLACEMENT_NAMES) {
      const candidates = [0, 1, 2, 3].map((order) => candidate(order));
      const round = policy(name).begin(candidates);
      const served = candidates.map(() => round.take());
      expect(new Set(served), name).toEqual(new Set(candidates));
      expect(round.take(), name).toBeUndefined();
      for (const one of candidates.slice(0, 1)) round.putBack(one);
      expect(round.take(), name).toBe(candidates[0]);
      expect(policy(name).begin([]).take(), name).toBeUndefined();
    }
  });

  it("least-expected-finish: waiting and speed count together, then load, then order", () => {
    const candidates = [
      candidate(0, { expectedWaitMs: 950, speed: 10 }), candidate(1, { load: 0.5 }), candidate(2), candidate(3), candidate(4, { expectedWaitMs: 800, speed: 10 }),
    ];
    expect(orderOf("least-expected-finish", candidates)).toEqual([4, 2, 3, 1, 0]);
  });

  it("least-total-time: who has spent the least", () => {
    expect(orderOf("least-total-time", [candidate(0, { totalTimeMs: 30 }), candidate(1, { totalTimeMs: 10 }), candidate(2, { totalTimeMs: 20 })])).toEqual([1, 2, 0]);
  });

  it("longest-since-completion: who has completed none, then who waits longest", () => {
    expect(orderOf("longest-since-completion", [candidate(0, { lastCompletionAtMs: 30 }), candidate(1, { lastCompletionAtMs: 10 }), candidate(2)])).toEqual([2, 1, 0]);
  });

  it("a candidate that got work in another round goes behind those that are better now", () => {
    for (const name of ["least-expected-finish", "least-total-time"] as const) {
      const loaded = { ...candidate(0) };
      const round = policy(name).begin([loaded, candidate(1, { expectedWaitMs: 5, totalTimeMs: 5 })]);
      Object.assign(loaded, { expectedWaitMs: 10, totalTimeMs: 10, load: 1 });
      expect([round.take()?.order, round.take()?.order, round.take()], name).toEqual([1, 0, undefined]);
    }
  });

  it("Placements: one policy a name, the default where none is named", () => {
    const placements = new Placements("round-robin", 1_000, 1);
    const candidates = [0, 1].map((order) => candidate(order));
    expect(placements.of().begin(candidates).take()?.order).toBe(0);
    expect(placements.of("round-robin").begin(candidates).take()?.order).toBe(1);
    expect(placements.of("least-total-time").begin(candidates).take()?.order).toBe(0);
  });

  it("PLACEMENT_NAMES: what is listed is known, and says what it does", () => {
    expect(PLACEMENT_NAMES).toHaveLength(6);
    for (const name of PLACEMENT_NAMES) {
      expect(isPlacementName(name)).toBe(true);
      expect(placementSummary(name), name).toMatch(/^to \w+/);
    }
    expect(isPlacementName("toString")).toBe(false);
  });

  it("round-robin: goes on behind the last that was served", () => {
    const roundRobin = policy("round-robin");
    const candidates = [0, 1, 2].map((order) => candidate(order));
    expect(roundRobin.begin(candidates).take()?.order).toBe(0);
    expect(roundRobin.begin(candidates).take()?.order).toBe(1);
    expect(roundRobin.begin(candidates).take()?.order).toBe(2);
    expect(roundRobin.begin(candidates).take()?.order).toBe(0);
  });

  it("two-choices: prefers the less loaded far more often than random does", () => {
    const candidates = [candidate(0, { load: 1 }), candidate(1, { load: 0 })];
    const lessLoaded = (name: PlacementName) => {
      const chosen = policy(name);
      let count = 0;
      for (let i = 0; i < 1_000; i++) if (chosen.begin(candidates).take()?.order === 1) count++;
      return count;
    };
    // Two draws with replacement miss the less loaded of two a quarter of the time, one draw half of it.
    expect(Math.abs(lessLoaded("two-choices") - 750)).toBeLessThan(50);
    expect(Math.abs(lessLoaded("random") - 500)).toBeLessThan(60);
  });
});
