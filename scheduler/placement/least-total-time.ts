import { byScore } from "./by-score.ts";
import type { PlacementDefinition } from "./placement.ts";

export const leastTotalTime: PlacementDefinition = {
  summary: "to who has spent the least time on tasks so far",
  create: () => byScore(({ totalTimeMs }) => totalTimeMs),
};
