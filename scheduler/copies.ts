import type { Batch } from "./batch.ts";
import { keysWithin } from "./keys-within.ts";

/** Which batches hold a task, for the few tasks that more than one holds. */
export class Copies {
  readonly #holders = new Map<number, readonly Batch[]>();
  #made = 0;

  /** How many were ever made. */
  get made(): number {
    return this.#made;
  }

  /** How many tasks are copied now. */
  get size(): number {
    return this.#holders.size;
  }

  /** The batches that hold the task, of which `batch` is known to be one. */
  holders(index: number, batch: Batch): readonly Batch[] {
    return this.#holders.get(index) ?? [batch];
  }

  add(index: number, original: Batch, copy: Batch): void {
    this.#made++;
    this.#holders.set(index, [...this.holders(index, original), copy]);
  }

  /** The batch will not run these tasks. Answers those that another batch still holds. */
  leave(batch: Batch, from: number, to: number): number[] {
    const heldElsewhere: number[] = [];
    for (const index of keysWithin(this.#holders, from, to)) {
      const others = (this.#holders.get(index) ?? []).filter((holder) => holder !== batch);
      if (others.length > 0) heldElsewhere.push(index);
      if (others.length > 1) this.#holders.set(index, others);
      else this.#holders.delete(index);
    }
    return heldElsewhere;
  }

  /** These tasks have ended. Answers the batches that held them, once a task. */
  end(from: number, to: number): Batch[] {
    const holders: Batch[] = [];
    for (const index of keysWithin(this.#holders, from, to)) {
      holders.push(...(this.#holders.get(index) ?? []));
      this.#holders.delete(index);
    }
    return holders;
  }
}
