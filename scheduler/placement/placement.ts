import type { SeededRandom } from "../seeded-random.ts";

/** A Compute Server as a placement policy sees it: the hub's own count of what it was handed, not its reports. */
export interface PlacementCandidate {
  /** Place in the order of registration: decides where nothing else does. */
  readonly order: number;
  /** How long one more task waits there until it starts. */
  readonly expectedWaitMs: number;
  /** 2 is twice as fast as usual. */
  readonly speed: number;
  /** Batches held, over how many can run there at once. */
  readonly load: number;
  /** Slot time spent and handed out. */
  readonly totalTimeMs: number;
  readonly lastCompletionAtMs: number | null;
}

/**
 * One handing out of work: candidates leave it as they are chosen, and come back while they have room. Several rounds
 * over the same candidates go on side by side, one a job, so what a round knows of a candidate may have got worse since.
 */
export interface PlacementRound<C extends PlacementCandidate> {
  take(): C | undefined;
  putBack(candidate: C): void;
}

/** Which of several Compute Servers with room gets the next batch. */
export interface PlacementPolicy {
  begin<C extends PlacementCandidate>(candidates: readonly C[]): PlacementRound<C>;
}

export interface PlacementParts {
  /** A batch is worth this much time on a Compute Server of usual speed. */
  readonly batchTargetMs: number;
  readonly random: SeededRandom;
}

/** A policy as policies.ts lists it. */
export interface PlacementDefinition {
  /** What it does, in half a sentence for who chooses one. */
  readonly summary: string;
  readonly create: (parts: PlacementParts) => PlacementPolicy;
}
