import { bySample } from "./by-sample.ts";
import type { PlacementDefinition } from "./placement.ts";

export const twoChoices: PlacementDefinition = {
  summary: "to the less loaded of two drawn at random",
  create: ({ random }) => bySample(2, random),
};
