import type { FailureKind } from "../protocol/up/outcomes.ts";

/** A job whose tasks have ended so many slots, of so many volunteers, and were never answered, does not get more of them. */
const MOST_DEATHS = 10;
const LEAST_VOLUNTEERS = 2;

/** Counts the slots that the tasks of one job have ended, by running past their time or by more than the slot could bear. */
export class SlotDeaths {
  readonly #volunteers = new Set<string>();
  #count = 0;

  note(kind: FailureKind, volunteer: string): void {
    if (kind !== "timeout" && kind !== "slot-died") return;
    this.#count++;
    this.#volunteers.add(volunteer);
  }

  /** One volunteer alone may have a machine that is at fault. */
  get areTooMany(): boolean {
    return this.#count >= MOST_DEATHS && this.#volunteers.size >= LEAST_VOLUNTEERS;
  }

  /** For the submitter. */
  get words(): string {
    return `It was stopped: its tasks ended ${this.#count} slots of ${this.#volunteers.size} volunteers, and none was answered. See its failures, then resume or cancel it.`;
  }

  forget(): void {
    this.#count = 0;
    this.#volunteers.clear();
  }
}
