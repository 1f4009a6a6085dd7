import type { ComputeServerId } from "../../protocol/ids.ts";
import { Voter, type Answerer } from "./voter.ts";

/** Past so many Compute Servers those that have nothing open are forgotten. */
const VOTERS = 10_000;
/** Who has given so many answers and of whom none is confirmed may audit all the same: at the beginning nobody's is. */
const NEWCOMER_ANSWERS = 16;

/** Who has answered to one job. */
export class Voters {
  readonly #byId = new Map<ComputeServerId, Voter>();

  get(computeServerId: ComputeServerId): Voter | undefined {
    return this.#byId.get(computeServerId);
  }

  all(): Iterable<Voter> {
    return this.#byId.values();
  }

  of(answerer: Answerer): Voter {
    let voter = this.#byId.get(answerer.computeServerId);
    if (voter === undefined) {
      if (this.#byId.size >= VOTERS) for (const [id, other] of this.#byId) if (other.hasNothingOpen) this.#byId.delete(id);
      voter = new Voter(answerer);
      this.#byId.set(answerer.computeServerId, voter);
    }
    return voter;
  }

  /** Whether it has shown something of itself. */
  isProven({ computeServerId, vouched }: Answerer): boolean {
    const voter = this.#byId.get(computeServerId);
    return vouched || (voter !== undefined && (voter.confirmed > 0 || voter.given >= NEWCOMER_ANSWERS));
  }
}
