import type { SeededRandom } from "../seeded-random.ts";
import { auditsForOne } from "./credibility.ts";
import { Pool } from "./pool.ts";
import { standing, type Evidence, type Tally } from "./tally.ts";
import type { Voter } from "./voter.ts";
import { Window, WINDOW_ANSWERS } from "./window.ts";

/** Of the audits that a window needs, this part is drawn as the answers come: who lies much is soon known … */
const AUDITED_EARLY = 0.5;
/** … of no more than this part of the answers. */
const EARLY_RATE = 0.1;
/** When more of a Compute Server is confirmed, so many of its tasks that wait for that are looked at. */
const LOOKED_AT = 16;

/** Quorum jobs count answers, and have no windows. */
const NO_TRUST = { saboteurShare: 0, errorRate: 0 } as const;

/** Puts the first answers of a credibility job into windows, draws those to be audited, and keeps account of what becomes of them. */
export class Windows {
  readonly pool: Pool;
  readonly #evidence: Evidence;
  readonly #random: SeededRandom;
  /** Tells what stands otherwise than before. */
  readonly #changed: (...what: readonly (Tally | Window)[]) => void;
  /** For an answer alone to be accepted. */
  readonly #audits: number;
  readonly #earlyRate: number;

  constructor(evidence: Evidence, random: SeededRandom, changed: (...what: readonly (Tally | Window)[]) => void) {
    this.#evidence = evidence;
    this.pool = new Pool(evidence.kind === "quorum" ? NO_TRUST : evidence);
    this.#random = random;
    this.#changed = changed;
    this.#audits = evidence.kind === "quorum" ? 0 : auditsForOne(evidence);
    this.#earlyRate = Math.min(EARLY_RATE, (AUDITED_EARLY * this.#audits) / WINDOW_ANSWERS);
  }

  /** The task has an answer of this one, the last that it has. */
  answered(tally: Tally, voter: Voter, isLast: boolean): void {
    this.pool.answered(tally.votes.length, voter.volunteer);
    if (tally.votes.length === 1) this.enter(tally, voter, false, isLast);
    else voter.later.add(tally);
  }

  /** The first answer of a task goes into the window of its voter. `isSuspect`: it is to be audited in any case. */
  enter(tally: Tally, voter: Voter, isSuspect: boolean, isLast: boolean): void {
    const window = voter.open ?? new Window(voter, this.pool);
    voter.open = window;
    voter.windows.add(window);
    window.tallies.add(tally);
    window.answers++;
    voter.given++;
    tally.window = window;
    tally.isConfirmed = false;
    if (this.#random.next() < this.#earlyRate || isSuspect) window.due.add(tally);
    if (window.answers >= window.size || isLast) this.close(window);
  }

  close(window: Window): void {
    window.isClosed = true;
    window.voter.open = undefined;
    this.#changed(window);
  }

  /** Keeps the window's account of its task. */
  note(tally: Tally, window: Window, isContested: boolean): void {
    this.pool.note(tally, isContested);
    const isConfirmed = !isContested && tally.votes.length > 1;
    if (isContested === window.contested.has(tally) && isConfirmed === tally.isConfirmed) return;
    // A quarrel begins or ends: the other audits wait for it, or go on.
    if (isContested !== window.contested.has(tally)) this.#changed(...window.due);
    if (isContested) window.contested.add(tally);
    else window.contested.delete(tally);
    const grown = Number(isConfirmed) - Number(tally.isConfirmed);
    tally.isConfirmed = isConfirmed;
    window.agreed += grown;
    window.voter.confirmed += grown;
    if (isConfirmed) for (const { voter } of tally.votes.slice(1)) window.auditors.add(voter.volunteer);
    if (isConfirmed) window.due.delete(tally);
    else window.due.add(tally);
    this.#changed(window);
    if (grown > 0) this.#rise(window.voter, window);
  }

  /** Looks whether a window is clear by now, or wants more audits. */
  review(window: Window): void {
    if (window.isClosed) this.#changed(...window.draw(this.#audits - window.agreed - window.due.size, this.#random));
    if (window.isClear) {
      // As many as needed, but of too few volunteers: one more, by somebody else if there is somebody.
      const alone = [...window.tallies].find(({ votes }) => votes.length === 1);
      if (alone !== undefined && !standing(alone, this.#evidence).isDecided) this.#changed(...window.draw(1, this.#random));
    }
    if (window.isClear) this.#changed(...window.tallies);
  }

  /** The task is decided, or void. */
  leave(tally: Tally, window: Window): void {
    this.pool.left(tally, tally.votes.length);
    window.tallies.delete(tally);
    const wasDue = window.due.delete(tally);
    if (window.contested.delete(tally)) this.#changed(window, ...window.due);
    else if (wasDue && window.isClear) this.#changed(window);
    if (window.isClosed && window.tallies.size === 0) window.voter.windows.delete(window);
  }

  /** More of it is confirmed: what waits for that in its other windows may be decided. */
  #rise(voter: Voter, but: Window): void {
    let looks = LOOKED_AT;
    const first: Window[] = [];
    for (const window of voter.windows) if (first.push(window) >= LOOKED_AT) break;
    for (const window of first) {
      // To the end of the line: those that were looked at longest ago come first.
      voter.windows.delete(window);
      voter.windows.add(window);
      if (window === but || !window.isClear) continue;
      for (const tally of window.tallies) {
        if (looks-- <= 0) return;
        this.#changed(tally);
      }
    }
  }
}
