import { byScore } from "./by-score.ts";
import type { PlacementDefinition } from "./placement.ts";

export const longestSinceCompletion: PlacementDefinition = {
  summary: "to who has finished nothing for the longest time",
  create: () => byScore(({ lastCompletionAtMs }) => lastCompletionAtMs ?? -Infinity),
};
