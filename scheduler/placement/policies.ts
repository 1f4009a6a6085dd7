import { SeededRandom } from "../seeded-random.ts";
import type { PlacementDefinition, PlacementPolicy } from "./placement.ts";
import * as registry from "./registry.ts";

export type PlacementName = keyof typeof registry;

const DEFINITIONS: Readonly<Record<PlacementName, PlacementDefinition>> = registry;

export const DEFAULT_PLACEMENT: PlacementName = "least-expected-finish";

export const PLACEMENT_NAMES: readonly PlacementName[] = Object.keys(DEFINITIONS).filter(isPlacementName);

export function isPlacementName(name: string): name is PlacementName {
  return Object.hasOwn(DEFINITIONS, name);
}

/** What a policy does, in half a sentence. */
export function placementSummary(name: PlacementName): string {
  return DEFINITIONS[name].summary;
}

/** A batch is worth `batchTargetMs` on a Compute Server of usual speed. */
export function placementPolicy(name: PlacementName, batchTargetMs: number, random: SeededRandom): PlacementPolicy {
  return DEFINITIONS[name].create({ batchTargetMs, random });
}

/** The policies of one scheduler: its own, and those that jobs ask for. Each goes on where it was for the job before. */
export class Placements {
  readonly #byDefault: PlacementName;
  readonly #batchTargetMs: number;
  readonly #seed: number;
  readonly #policies = new Map<PlacementName, PlacementPolicy>();

  constructor(byDefault: PlacementName, batchTargetMs: number, seed: number) {
    this.#byDefault = byDefault;
    this.#batchTargetMs = batchTargetMs;
    this.#seed = seed;
  }

  of(name: PlacementName = this.#byDefault): PlacementPolicy {
    const policy = this.#policies.get(name) ?? placementPolicy(name, this.#batchTargetMs, new SeededRandom(this.#seed));
    this.#policies.set(name, policy);
    return policy;
  }
}
