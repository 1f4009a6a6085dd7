import type { SeededRandom } from "../seeded-random.ts";
import { bySample } from "./by-sample.ts";
import { byScore } from "./by-score.ts";
import type { PlacementPolicy } from "./placement.ts";
import { roundRobin } from "./round-robin.ts";

export const PLACEMENT_NAMES = [
  "least-expected-finish", "least-total-time", "longest-since-completion", "two-choices", "random", "round-robin",
] as const;
export type PlacementName = (typeof PLACEMENT_NAMES)[number];

/** A batch is worth this much time on a Compute Server of usual speed. */
export function placementPolicy(name: PlacementName, batchTargetMs: number, random: SeededRandom): PlacementPolicy {
  switch (name) {
    case "least-expected-finish": return byScore(({ expectedWaitMs, speed }) => expectedWaitMs + batchTargetMs / speed);
    case "least-total-time": return byScore(({ totalTimeMs }) => totalTimeMs);
    case "longest-since-completion": return byScore(({ lastCompletionAtMs }) => lastCompletionAtMs ?? -Infinity);
    case "two-choices": return bySample(2, random);
    case "random": return bySample(1, random);
    case "round-robin": return roundRobin();
  }
}
