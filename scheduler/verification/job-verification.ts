import type { ComputeServerId } from "../../protocol/ids.ts";
import type { SeededRandom } from "../seeded-random.ts";
import { volunteersBehind } from "./credibility.ts";
import { standing, type Evidence, type Standing, type Tally, type Vote } from "./tally.ts";
import { Verdicts } from "./verdicts.ts";
import type { AnswerDigest, HeldAnswer } from "./verification.ts";
import type { Answerer, Voter } from "./voter.ts";
import { Voters } from "./voters.ts";
import { WantedAnswers } from "./wanted-answers.ts";
import { Window } from "./window.ts";
import { Windows } from "./windows.ts";

/** Tasks with answers that wait for more, and those under way that will: past it none is begun, and what waits is audited at once. */
const PROVISIONAL_TASKS = 100_000;
/** A task on which so many different answers were given, and none won, has failed. */
const DIFFERENT_ANSWERS = 8;
const NOBODY: readonly Voter[] = [];

export interface JobVerificationOptions {
  readonly evidence: Evidence;
  /** Answers of one task come from one browser engine. */
  readonly sameEngine: boolean;
  /** How long a task waits for an answer from behind another network address. */
  readonly patienceMs: number;
  readonly random: SeededRandom;
}

/**
 * The verification of one job: answers come in, verdicts come out. It knows tasks while their answers are undecided, and
 * no longer. Pure: no clock, no I/O, randomness is given. In credibility jobs it holds:
 * 1. Nothing is asked of a Compute Server to test it: it could tell. Of the answers that it has given, some are drawn, and
 *    others run those tasks too. What is drawn was given before (window.ts).
 * 2. All answers of a window wait until all that were drawn of it are confirmed; then they are accepted together (credibility.ts).
 * 3. One volunteer counts once a task.
 * 4. Where two differ, more are asked, until one side leads by so much that the other is caught. Nothing of who is caught
 *    counts any more: its tasks run again, and what it has confirmed is drawn again.
 * 5. An accepted answer is never taken back, and no accepted answer is evidence against anybody: a wrong one harms nobody else.
 */
export class JobVerification {
  readonly evidence: Evidence;
  /** Answers that came in. */
  runs = 0;
  caughtCount = 0;
  readonly #sameEngine: boolean;
  readonly #windows: Windows;
  readonly #wanted: WantedAnswers;
  readonly #tallies = new Map<number, Tally>();
  readonly #voters = new Voters();
  /** What stands otherwise than before. */
  readonly #due: (Tally | Window)[] = [];
  #verdicts = new Verdicts();
  #nowMs = 0;

  constructor({ evidence, sameEngine, patienceMs, random }: JobVerificationOptions) {
    this.evidence = evidence;
    this.#sameEngine = sameEngine;
    this.#wanted = new WantedAnswers(patienceMs, sameEngine);
    this.#windows = new Windows(evidence, random, (...what) => { this.#due.push(...what); });
  }

  /** Tasks with answers, none of them accepted. */
  get provisionalCount(): number {
    return this.#tallies.size;
  }

  /** Of those, how many want an answer more than was asked for. */
  get wantedCount(): number {
    return this.#wanted.size;
  }

  /** So many more tasks may be begun. */
  get room(): number {
    return Math.max(0, PROVISIONAL_TASKS - this.#tallies.size);
  }

  /** So many volunteers must take part for a task to be decided. */
  get volunteersNeeded(): number {
    return this.evidence.kind === "quorum" ? this.evidence.answers : volunteersBehind(this.evidence);
  }

  get hasVerdicts(): boolean {
    return !this.#verdicts.isEmpty;
  }

  /** Tasks have ended, or are to be run anew. */
  get hasEnds(): boolean {
    return this.#verdicts.hasEnds;
  }

  isProvisional(index: number): boolean {
    return this.#tallies.has(index);
  }

  isCaught(computeServerId: ComputeServerId): boolean {
    return this.#voters.get(computeServerId)?.caught === true;
  }

  /** Takes in an answer to an open task that its Compute Server was given. */
  answer(answerer: Answerer, index: number, answer: AnswerDigest, nowMs: number): void {
    this.#nowMs = nowMs;
    this.runs++;
    const voter = this.#voters.of(answerer);
    const tally = this.#tallies.get(index);
    if (tally !== undefined) tally.asked = without(tally.asked, answerer.computeServerId);
    if (!voter.caught && (tally === undefined || this.#isNews(tally, answerer))) {
      this.#vote(tally ?? this.#begin(index), { voter, answer }, answerer.engineName);
      this.#verdicts.held.push(index);
    } else if (tally === undefined) this.#verdicts.again.push(index);
    else this.#due.push(tally);
    this.#settle();
  }

  /** What was asked for will not come. */
  gaveUp(computeServerId: ComputeServerId, index: number, nowMs: number): void {
    const tally = this.#tallies.get(index);
    if (tally === undefined || !isAmong(tally.asked, computeServerId)) return;
    this.#nowMs = nowMs;
    tally.asked = without(tally.asked, computeServerId);
    this.#due.push(tally);
    this.#settle();
  }

  /** The task failed there: others are asked first. */
  abstained(computeServerId: ComputeServerId, index: number, nowMs: number): void {
    const tally = this.#tallies.get(index);
    const voter = this.#voters.get(computeServerId);
    if (tally === undefined || voter === undefined) return;
    this.#nowMs = nowMs;
    tally.asked = without(tally.asked, computeServerId);
    if (!isAmong(tally.abstained, computeServerId)) tally.abstained = [...tally.abstained, voter];
    this.#due.push(tally);
    this.#settle();
  }

  /** The task runs there too: it is a copy of one that is late. */
  alsoAsked(answerer: Answerer, index: number, nowMs: number): void {
    const tally = this.#tallies.get(index);
    const voter = this.#voters.of(answerer);
    if (tally === undefined || isAmong(tally.asked, answerer.computeServerId)) return;
    this.#nowMs = nowMs;
    tally.asked = [...tally.asked, voter];
    this.#due.push(tally);
    this.#settle();
  }

  /** This Compute Server gives no first answers for now: no new tasks are left, or it is gone. What it gave is audited. */
  closeWindow(computeServerId: ComputeServerId, nowMs: number = this.#nowMs): void {
    const window = this.#voters.get(computeServerId)?.open;
    if (window === undefined) return;
    this.#nowMs = nowMs;
    this.#windows.close(window);
    this.#settle();
  }

  closeWindows(nowMs: number, except: (computeServerId: ComputeServerId) => boolean = () => false): void {
    this.#nowMs = nowMs;
    for (const voter of this.#voters.all()) if (voter.open !== undefined && !except(voter.computeServerId)) this.#windows.close(voter.open);
    this.#settle();
  }

  /** Answers as the archive kept them. */
  restore(held: readonly HeldAnswer[], nowMs: number): void {
    this.#nowMs = nowMs;
    for (const { index, answer, ...answerer } of held) {
      const voter = this.#voters.of({ ...answerer, engineName: "", vouched: false });
      const tally = this.#tallies.get(index) ?? this.#begin(index);
      if (tally.votes.every((vote) => vote.voter.volunteer !== voter.volunteer)) this.#vote(tally, { voter, answer }, "");
    }
    this.#settle();
  }

  /** The task has ended in another way: its answers are void. */
  drop(index: number): void {
    const tally = this.#tallies.get(index);
    if (tally === undefined) return;
    for (const { voter } of tally.votes) this.#verdicts.drop(voter.computeServerId, index);
    this.#forget(tally);
    this.#settle();
  }

  /** Whether one more answer to this task may come from there. */
  mayAnswer(answerer: Answerer, index: number): boolean {
    if (this.isCaught(answerer.computeServerId)) return false;
    const tally = this.#tallies.get(index);
    return tally === undefined || (this.#isNews(tally, answerer) && tally.asked.every(({ volunteer }) => volunteer !== answerer.volunteer));
  }

  /**
   * Whether it audits others while there are new tasks to be had. Who comes under a new name gives answers of its own
   * first: a liar is caught by those before it may quarrel with anybody.
   */
  mayAudit(answerer: Answerer): boolean {
    return this.evidence.kind === "quorum" || this.room === 0 || this.#voters.isProven(answerer);
  }

  /** Whether an open task wants an answer of this one. */
  hasWantedFor(answerer: Answerer, nowMs: number): boolean {
    return this.#next(answerer, nowMs) !== undefined;
  }

  /** An open task that wants an answer of this one, which is asked for it. */
  takeWanted(answerer: Answerer, nowMs: number): number | undefined {
    const tally = this.#next(answerer, nowMs);
    if (tally === undefined) return undefined;
    tally.asked = [...tally.asked, this.#voters.of(answerer)];
    this.#want(tally, standing(tally, this.evidence));
    return tally.index;
  }

  /** When a task that waits for another network address waits for it no more; Infinity where none does. */
  patienceEndsAtMs(nowMs: number): number {
    return this.#wanted.patienceEndsAtMs(nowMs);
  }

  /** What has followed since this was asked last. */
  takeVerdicts(): Verdicts {
    const verdicts = this.#verdicts;
    this.#verdicts = new Verdicts();
    return verdicts;
  }

  #begin(index: number): Tally {
    const tally: Tally = { index, votes: [], window: null, isConfirmed: false, asked: NOBODY, abstained: NOBODY, engineName: "" };
    this.#tallies.set(index, tally);
    return tally;
  }

  #isNews(tally: Tally, { volunteer, engineName }: Answerer): boolean {
    if (this.#sameEngine && tally.engineName !== "" && tally.engineName !== engineName) return false;
    return tally.votes.every(({ voter }) => voter.volunteer !== volunteer);
  }

  /** What was decided or is on its way meanwhile wants nothing. */
  #next(answerer: Answerer, nowMs: number): Tally | undefined {
    for (;;) {
      const tally = this.#wanted.next(answerer, nowMs);
      if (tally === undefined) return undefined;
      const now = standing(tally, this.evidence);
      if (!now.isDecided && now.missing > tally.asked.length) return tally;
      this.#wanted.remove(tally);
      this.#due.push(tally);
      this.#settle();
    }
  }

  #want(tally: Tally, { missing }: Standing): void {
    if (missing > tally.asked.length) this.#wanted.add(tally, this.#nowMs);
    else this.#wanted.remove(tally);
  }

  #vote(tally: Tally, vote: Vote, engineName: string): void {
    if (tally.engineName === "") tally.engineName = engineName;
    tally.votes = [...tally.votes, vote];
    this.#due.push(tally);
    if (this.evidence.kind === "quorum") return;
    this.#windows.answered(tally, vote.voter, this.room === 0);
  }

  /** Follows all that an answer brings about. */
  #settle(): void {
    for (let next = this.#due.pop(); next !== undefined; next = this.#due.pop()) {
      if (next instanceof Window) this.#windows.review(next);
      else if (this.#tallies.get(next.index) === next) this.#decide(next);
      if (this.#due.length === 0 && this.#windows.pool.takeRound()) for (const tally of this.#tallies.values()) this.#due.push(tally);
    }
  }

  #decide(tally: Tally): void {
    const before = standing(tally, this.evidence);
    const { leading } = before;
    if (leading === undefined) return this.#runAgain(tally);
    if (tally.window !== null) this.#windows.note(tally, tally.window, before.against > 0);
    const now = standing(tally, this.evidence);
    if (now.isDecided) {
      const wrong = tally.votes.filter(({ answer }) => answer !== leading);
      if (wrong.length > 0) {
        this.#windows.pool.lied(tally.votes.findIndex(({ answer }) => answer === leading));
        for (const { voter } of wrong) this.#outvoted(voter, tally.index);
        // Without credibility nothing tells a liar from who was outvoted by liars.
        if (this.evidence.kind === "credibility") return void this.#due.push(tally);
      }
      this.#verdicts.accepted.push({ index: tally.index, answer: leading });
      if (tally.window !== null) tally.window.voter.accepted++;
      const right = tally.votes.filter(({ answer }) => answer === leading);
      if (right.length > 1) for (const { voter } of right) this.#verdicts.passed.push(voter.computeServerId);
      return this.#forget(tally);
    }
    const different = new Set(tally.votes.map(({ answer }) => answer)).size;
    if (different >= DIFFERENT_ANSWERS) {
      this.#verdicts.differing.push({ index: tally.index, answers: different });
      return this.drop(tally.index);
    }
    this.#want(tally, now);
  }

  #outvoted(voter: Voter, index: number): void {
    const { computeServerId } = voter;
    if (voter.caught) return;
    this.#verdicts.failed.push(computeServerId);
    if (this.evidence.kind === "quorum") return;
    voter.caught = true;
    this.caughtCount++;
    this.#verdicts.caught.push({ computeServerId, index });
    for (const window of voter.windows) for (const tally of window.tallies) this.#withdraw(tally, voter);
    for (const tally of voter.later) this.#withdraw(tally, voter);
    voter.windows.clear();
    voter.later.clear();
    voter.open = undefined;
  }

  /** Nothing of who is caught counts. */
  #withdraw(tally: Tally, voter: Voter): void {
    const [first] = tally.votes;
    const withdrawn = tally.votes.find((vote) => vote.voter === voter);
    if (withdrawn !== undefined) this.#windows.pool.withdrawn(tally.votes.length);
    tally.votes = tally.votes.filter((vote) => vote.voter !== voter);
    this.#verdicts.drop(voter.computeServerId, tally.index);
    this.#due.push(tally);
    tally.window?.auditors.delete(voter.volunteer);
    const [next] = tally.votes;
    if (first === undefined || first.voter !== voter || next === undefined) return;
    // Who answered after it is the first now. If it said the same, that is looked at.
    tally.window = null;
    next.voter.later.delete(tally);
    this.#windows.enter(tally, next.voter, next.answer === withdrawn?.answer, this.room === 0);
  }

  /** No answer is left. */
  #runAgain(tally: Tally): void {
    this.#forget(tally);
    this.#verdicts.again.push(tally.index);
  }

  #forget(tally: Tally): void {
    const { window } = tally;
    this.#tallies.delete(tally.index);
    this.#wanted.remove(tally);
    for (const { voter } of tally.votes) voter.later.delete(tally);
    if (window !== null) this.#windows.leave(tally, window);
  }
}

// One that was forgotten and came again is another object.
function isAmong(voters: readonly Voter[], computeServerId: ComputeServerId): boolean {
  return voters.some((voter) => voter.computeServerId === computeServerId);
}

function without(voters: readonly Voter[], computeServerId: ComputeServerId): readonly Voter[] {
  return voters.filter((voter) => voter.computeServerId !== computeServerId);
}
