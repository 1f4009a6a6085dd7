import type { SeededRandom } from "../../scheduler/seeded-random.ts";
import type { Attack } from "./attacks.ts";

export type Said = "right" | "wrong";

/** What saboteurs have agreed on about one job. Whoever is given a task knows what the others said of it. */
export class Conspiracy {
  readonly #attack: Attack;
  readonly #lieShare: number;
  readonly #tasks: number;
  readonly #random: SeededRandom;
  /** What the first of them said of a task. */
  readonly #said = new Map<number, Said>();
  #newest = -1;

  constructor(attack: Attack, lieShare: number, tasks: number, random: SeededRandom) {
    this.#attack = attack;
    this.#lieShare = lieShare;
    this.#tasks = tasks;
    this.#random = random;
  }

  /** `answered`: under this name. `isOpen`: answers to the task are known to stand; else they may say something else than before. */
  says(index: number, answered: number, isOpen: boolean): Said {
    const said = this.#said.get(index);
    if (said === "wrong") return this.#attack.betrays === true ? "right" : "wrong";
    if (said === "right" && isOpen) return "right";
    const isNew = index > this.#newest;
    this.#newest = Math.max(this.#newest, index);
    const lies = this.#attack.lies({ index, isNew, answered, tasks: this.#tasks }, this.#lieShare, this.#random);
    this.#said.set(index, lies ? "wrong" : "right");
    return lies ? "wrong" : "right";
  }
}
