import { odds, volunteersBehind, type Trust } from "./credibility.ts";
import type { Tally } from "./tally.ts";

/**
 * What all undecided tasks of a job tell together, where so few errors are allowed that the record of one Compute Server
 * is never long enough. A lie that nobody has contradicted is joined by who is asked next with the probability f, and
 * contradicted with 1 − f, whatever saboteurs know or plan: who that is was drawn. So for each task whose n-th answer was the
 * first to contradict a lie, f/(1 − f) are to be expected on which n volunteers agree in a lie. When all tasks have n
 * answers and no quarrel is left, that many lies are among them, and one more for what chance hides.
 */
export class Pool {
  readonly #trust: Trust;
  /** At n: undecided tasks with n answers. */
  #tasks: number[] = [];
  /** At n: how often the n-th answer was the first to contradict a lie. */
  #contradicted: number[] = [];
  readonly #contested = new Set<Tally>();
  readonly #volunteers = new Set<string>();
  #size = 0;
  /** All tasks with so many equal answers are accepted; Infinity: none. */
  #enough = Infinity;
  /** The number of answers of each task when that was asked last. */
  #roundBefore = 0;

  constructor(trust: Trust) {
    this.#trust = trust;
  }

  /** The task has one more answer. */
  answered(answers: number, volunteer: string): void {
    if (answers === 1) {
      this.#size++;
      this.#enough = Infinity;
    } else this.#count(answers - 1, -1);
    this.#count(answers, 1);
    this.#volunteers.add(volunteer);
  }

  /** One of its answers is void; it had so many. */
  withdrawn(answers: number): void {
    this.#count(answers, -1);
    if (answers > 1) this.#count(answers - 1, 1);
    else this.#shrink();
    this.#enough = Infinity;
  }

  /** It is undecided no more, and had so many answers. */
  left(tally: Tally, answers: number): void {
    this.#contested.delete(tally);
    if (answers === 0) return;
    this.#count(answers, -1);
    this.#shrink();
  }

  note(tally: Tally, isContested: boolean): void {
    if (isContested) this.#contested.add(tally);
    else this.#contested.delete(tally);
  }

  /** Of these answers, in the order in which they came, the first so many were lies: none, where a later one slandered. */
  lied(answers: number): void {
    if (answers === 0) return;
    this.#contradicted[answers + 1] = (this.#contradicted[answers + 1] ?? 0) + 1;
  }

  isEnough(members: number): boolean {
    if (members >= this.#enough) return true;
    if (members < 2 || this.#round() < members) return false;
    const lies = odds(this.#trust.saboteurShare) * ((this.#contradicted[members] ?? 0) + 1);
    if (lies > this.#trust.errorRate * this.#size || this.#volunteers.size < volunteersBehind(this.#trust)) return false;
    this.#enough = members;
    return true;
  }

  /** Whether all could be enough as soon as others have as many answers. */
  mayBeEnough(members: number): boolean {
    return this.#round() < members && odds(this.#trust.saboteurShare) <= this.#trust.errorRate * this.#size;
  }

  /** Whether every task has one answer more than when this was asked last: what waited for that is to be looked at. */
  takeRound(): boolean {
    const round = this.#round();
    const isNew = round > 1 && round > this.#roundBefore;
    this.#roundBefore = round;
    return isNew && this.#size > 0;
  }

  /** So many answers each task has at least; 0 while there is a quarrel about one. */
  #round(): number {
    if (this.#contested.size > 0) return 0;
    const fewest = this.#tasks.findIndex((tasks) => tasks > 0);
    return Math.max(0, fewest);
  }

  #count(answers: number, by: number): void {
    while (this.#tasks.length <= answers) this.#tasks.push(0);
    this.#tasks[answers] = (this.#tasks[answers] ?? 0) + by;
  }

  #shrink(): void {
    this.#size--;
    if (this.#size > 0) return;
    this.#tasks = [];
    this.#contradicted = [];
    this.#volunteers.clear();
    this.#enough = Infinity;
    this.#roundBefore = 0;
  }
}
