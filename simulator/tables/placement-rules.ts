import { bySample } from "../../scheduler/placement/by-sample.ts";
import type { PlacementCandidate, PlacementPolicy } from "../../scheduler/placement/placement.ts";
import { placementPolicy } from "../../scheduler/placement/policies.ts";
import type { SeededRandom } from "../../scheduler/seeded-random.ts";
import type { RankedQueues } from "./ranked-queues.ts";

/** The queue that the next task joins. */
export type Choose = () => number;
/** What is known of a queue's length, by its number. */
type Known = (queue: number) => number;

const MEAN_SERVICE_MS = 1_000;

/** A queue as the shipped policies see a Compute Server: of usual speed, with one slot, as loaded as is known at that moment. */
class QueueCandidate implements PlacementCandidate {
  readonly order: number;
  readonly speed = 1;
  readonly totalTimeMs = 0;
  readonly lastCompletionAtMs = null;
  readonly #known: Known;

  constructor(order: number, known: Known) {
    this.order = order;
    this.#known = known;
  }

  get load(): number {
    return this.#known(this.order);
  }

  get expectedWaitMs(): number {
    return this.load * MEAN_SERVICE_MS;
  }
}

function candidates(count: number, known: Known): readonly PlacementCandidate[] {
  return Array.from({ length: count }, (_, order) => new QueueCandidate(order, known));
}

/** What ships under these names; more choices than two have no name, but the same code. */
function shippedSample(choices: number, random: SeededRandom): PlacementPolicy {
  if (choices === 1) return placementPolicy("random", MEAN_SERVICE_MS, random);
  return choices === 2 ? placementPolicy("two-choices", MEAN_SERVICE_MS, random) : bySample(choices, random);
}

/**
 * The shipped policies that draw: `random` for one choice, `two-choices` for two, with replacement. Their rounds read the
 * loads as they draw, so that one round serves for all tasks.
 */
export function sample(choices: number, count: number, known: Known, random: SeededRandom): Choose {
  const round = shippedSample(choices, random).begin(candidates(count, known));
  return () => {
    const chosen = taken(round.take());
    round.putBack(chosen);
    return chosen.order;
  };
}

/** The shipped `least-expected-finish`; with equal speeds it joins the shortest queue. It scores all when a round begins: here for each task. */
export function leastExpectedFinish(queues: RankedQueues, random: SeededRandom): Choose {
  const policy = placementPolicy("least-expected-finish", MEAN_SERVICE_MS, random);
  const all = candidates(queues.count, (queue) => queues.lengthOf(queue));
  return () => taken(policy.begin(all).take()).order;
}

/** The same where what is known changes by the placed tasks alone: one round, until `renewed` says that all may be different. */
export function leastExpectedFinishOf(count: number, known: Known, random: SeededRandom, placed: (queue: number) => void): { readonly choose: Choose; readonly renewed: () => void } {
  const policy = placementPolicy("least-expected-finish", MEAN_SERVICE_MS, random);
  const all = candidates(count, known);
  let round = policy.begin(all);
  return {
    choose: () => {
      const chosen = taken(round.take());
      placed(chosen.order);
      round.putBack(chosen);
      return chosen.order;
    },
    renewed: () => { round = policy.begin(all); },
  };
}

/** The shorter of two different queues; does not ship. */
export function twoDistinct(queues: RankedQueues, random: SeededRandom): Choose {
  return () => {
    const first = random.below(queues.count);
    const drawn = random.below(queues.count - 1);
    const second = drawn < first ? drawn : drawn + 1;
    return queues.queueAt(Math.min(first, second));
  };
}

/** A shortest queue, without looking at the others: what `leastExpectedFinish` chooses too, in a hundredth of the time. */
export function shortest(queues: RankedQueues): Choose {
  return () => queues.queueAt(0);
}

function taken(candidate: PlacementCandidate | undefined): PlacementCandidate {
  if (candidate === undefined) throw new Error("Cannot place a task: the policy chose none of the queues.");
  return candidate;
}
