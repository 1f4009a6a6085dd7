import { bySample } from "./by-sample.ts";
import type { PlacementDefinition } from "./placement.ts";

export const random: PlacementDefinition = {
  summary: "to any with room, drawn at random",
  create: (parts) => bySample(1, parts.random),
};
