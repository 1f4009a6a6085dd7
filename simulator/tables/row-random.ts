import { SeededRandom } from "../../scheduler/seeded-random.ts";

/** Each figure has numbers of its own, so that it is the same whichever others are made (FNV-1a over the label). */
export function rowRandom(seed: number, label: string): SeededRandom {
  let hash = 0x811c9dc5 ^ seed;
  for (const character of label) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return new SeededRandom(hash);
}
