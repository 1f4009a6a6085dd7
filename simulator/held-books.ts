import type { ComputeServerId } from "../protocol/ids.ts";
import type { HeldAnswer } from "../scheduler/verification/verification.ts";

/** The answers to one job that the hub was told to hold, as the archive would have them. */
export class HeldBooks {
  readonly #byTask = new Map<number, HeldAnswer[]>();

  /** Tasks with held answers. */
  get tasks(): number {
    return this.#byTask.size;
  }

  hold(held: HeldAnswer): void {
    const answers = this.#byTask.get(held.index);
    if (answers === undefined) this.#byTask.set(held.index, [held]);
    else answers.push(held);
  }

  of(index: number): readonly HeldAnswer[] {
    return this.#byTask.get(index) ?? [];
  }

  /** The task has its result: what else is held of it is dropped. */
  end(index: number): void {
    this.#byTask.delete(index);
  }

  drop(computeServerId: ComputeServerId, from: number, to: number): void {
    for (let index = from; index < to; index++) {
      const left = this.of(index).filter((held) => held.computeServerId !== computeServerId);
      if (left.length > 0) this.#byTask.set(index, left);
      else this.#byTask.delete(index);
    }
  }

  all(): HeldAnswer[] {
    return [...this.#byTask.values()].flat();
  }
}
