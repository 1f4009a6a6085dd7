import type { SeededRandom } from "../seeded-random.ts";
import type { Pool } from "./pool.ts";
import type { Tally } from "./tally.ts";
import type { Voter } from "./voter.ts";

/** A window takes so many answers at first … */
export const WINDOW_ANSWERS = 64;
/** … and where more of its Compute Server were accepted, as many as those, up to so many: audits become few. */
const LARGEST = 1_024;

/**
 * Answers that a Compute Server gave first, and that stand or fall together. They are committed before any of them is drawn
 * to be audited, so nothing that it knows or does in time tells it where to lie: with L lies among n answers, each audit by
 * an honest volunteer finds one with probability L/n.
 */
export class Window {
  readonly voter: Voter;
  readonly pool: Pool;
  readonly size: number;
  /** Those that are undecided. */
  readonly tallies = new Set<Tally>();
  /** Those of them that somebody else is to answer too, and has not. */
  readonly due = new Set<Tally>();
  /** Those of them that somebody else answered otherwise. */
  readonly contested = new Set<Tally>();
  /** Whose answers agreed. */
  readonly auditors = new Set<string>();
  answers = 0;
  /** How many of its answers others confirmed. */
  agreed = 0;
  isClosed = false;

  constructor(voter: Voter, pool: Pool) {
    this.voter = voter;
    this.pool = pool;
    this.size = Math.min(LARGEST, Math.max(WINDOW_ANSWERS, voter.accepted));
  }

  /** Nothing is to be waited for: what is not decided now wants more. */
  get isClear(): boolean {
    return this.isClosed && this.due.size === 0 && this.contested.size === 0;
  }

  /** Draws so many more to be audited, of those that nobody else has answered. Answers them. */
  draw(count: number, random: SeededRandom): Tally[] {
    const left = [...this.tallies].filter((tally) => tally.votes.length === 1 && !this.due.has(tally));
    const drawn: Tally[] = [];
    while (drawn.length < count && left.length > 0) {
      const place = random.below(left.length);
      const last = left.pop();
      const tally = place < left.length ? left[place] : last;
      if (tally === undefined || last === undefined) break;
      if (place < left.length) left[place] = last;
      this.due.add(tally);
      drawn.push(tally);
    }
    return drawn;
  }
}
