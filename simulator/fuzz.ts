import fc from "fast-check";
import { play, storyArbitrary, type Story } from "./story.ts";

/** A world in which a rule did not hold, as small as it could be made. */
export interface Failure {
  readonly seed: number;
  readonly story: Story;
  readonly rule: string;
}

/** Tells the story of this seed; shrinks it where a rule does not hold. */
export function tryStory(seed: number): Failure | null {
  const result = fc.check(fc.property(storyArbitrary, (story) => { play(story); }), { seed, numRuns: 1 });
  const story = result.counterexample?.[0];
  if (!result.failed || story === undefined) return null;
  const { errorInstance } = result;
  return { seed, story, rule: errorInstance instanceof Error ? `${errorInstance.name}: ${errorInstance.message}` : String(errorInstance) };
}

/** Tries the stories of these seeds, one after the other, up to the first failure. `tried` counts them, the failing one too. */
export function fuzz(firstSeed: number, seeds: number, told: (tried: number) => void = () => {}): { readonly tried: number; readonly failure: Failure | null } {
  for (let tried = 1; tried <= seeds; tried++) {
    const failure = tryStory(firstSeed + tried - 1);
    told(tried);
    if (failure !== null) return { tried, failure };
  }
  return { tried: seeds, failure: null };
}
