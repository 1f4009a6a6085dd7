import { byScore } from "./by-score.ts";
import type { PlacementDefinition } from "./placement.ts";

export const leastExpectedFinish: PlacementDefinition = {
  summary: "to where it should be finished first, by waiting time and measured speed",
  create: ({ batchTargetMs }) => byScore(({ expectedWaitMs, speed }) => expectedWaitMs + batchTargetMs / speed),
};
