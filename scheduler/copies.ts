import type { Batch } from "./batch.ts";
import { keysWithin } from "./keys-within.ts";

/** Which batches hold a task: for the few tasks that more than one holds, or for all in flight of a verified job. */
export class Copies {
  readonly #holders = new Map<number, readonly Batch[]>();
  /** Tasks that so many hold are listed. */
  readonly #least: number;
  #made = 0;
  #size = 0;

  constructor(ofAllTasks = false) {
    this.#least = ofAllTasks ? 1 : 2;
  }

  /** Every task in flight is listed. */
  get areComplete(): boolean {
    return this.#least === 1;
  }

  /** How many were ever made. */
  get made(): number {
    return this.#made;
  }

  /** How many tasks are copied now. */
  get size(): number {
    return this.#size;
  }

  /** The batches that hold the task, of which `batch` is known to be one. */
  holders(index: number, batch: Batch): readonly Batch[] {
    return this.#holders.get(index) ?? [batch];
  }

  add(index: number, original: Batch, copy: Batch): void {
    this.#made++;
    this.#set(index, [...this.holders(index, original), copy]);
  }

  /** Where all are listed: one more batch holds the task. */
  hold(index: number, batch: Batch): void {
    const holders = this.#holders.get(index) ?? [];
    if (!holders.includes(batch)) this.#set(index, [...holders, batch]);
  }

  isHeld(index: number): boolean {
    return this.#holders.has(index);
  }

  /** The batch will not run these tasks. Answers those that another batch still holds. */
  leave(batch: Batch, from: number, to: number): number[] {
    const heldElsewhere: number[] = [];
    for (const index of keysWithin(this.#holders, from, to)) {
      const others = (this.#holders.get(index) ?? []).filter((holder) => holder !== batch);
      if (others.length > 0) heldElsewhere.push(index);
      this.#set(index, others);
    }
    return heldElsewhere;
  }

  /** These tasks have ended. Answers the batches that held them, once a task. */
  end(from: number, to: number): Batch[] {
    const holders: Batch[] = [];
    for (const index of keysWithin(this.#holders, from, to)) {
      holders.push(...(this.#holders.get(index) ?? []));
      this.#set(index, []);
    }
    return holders;
  }

  #set(index: number, holders: readonly Batch[]): void {
    if ((this.#holders.get(index)?.length ?? 0) > 1) this.#size--;
    if (holders.length > 1) this.#size++;
    if (holders.length >= this.#least) this.#holders.set(index, holders);
    else this.#holders.delete(index);
  }
}
