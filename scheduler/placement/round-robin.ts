import type { PlacementDefinition, PlacementPolicy } from "./placement.ts";

export const roundRobin: PlacementDefinition = {
  summary: "to each in turn, in the order of registration",
  create: inTurn,
};

/** Goes on behind the one that was served last. */
function inTurn(): PlacementPolicy {
  let lastServed = -1;
  return {
    begin(candidates) {
      const ordered = candidates.toSorted((a, b) => a.order - b.order);
      const behind = ordered.findIndex(({ order }) => order > lastServed);
      const queue = behind <= 0 ? ordered : [...ordered.slice(behind), ...ordered.slice(0, behind)];
      let at = 0;
      return {
        take() {
          const candidate = queue[at];
          if (candidate === undefined) return undefined;
          at++;
          lastServed = candidate.order;
          return candidate;
        },
        putBack: (candidate) => { queue.push(candidate); },
      };
    },
  };
}
