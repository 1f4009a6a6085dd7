import type { SeededRandom } from "../seeded-random.ts";
import type { PlacementPolicy } from "./placement.ts";

/** The least loaded of `choices` candidates drawn at random: 1 is random, 2 is the power of two choices (Mitzenmacher). */
export function bySample(choices: number, random: SeededRandom): PlacementPolicy {
  return {
    begin(candidates) {
      const left = [...candidates];
      const draw = () => {
        let best = random.below(left.length);
        for (let i = 1; i < choices; i++) {
          const other = random.below(left.length);
          if ((left[other]?.load ?? Infinity) < (left[best]?.load ?? Infinity)) best = other;
        }
        return best;
      };
      return {
        take() {
          const last = left.length - 1;
          if (last < 0) return undefined;
          const chosenAt = draw();
          const chosen = left[chosenAt];
          const moved = left.pop();
          if (chosenAt < last && moved !== undefined) left[chosenAt] = moved;
          return chosen;
        },
        putBack: (candidate) => { left.push(candidate); },
      };
    },
  };
}
