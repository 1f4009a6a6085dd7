import type { Owner } from "../protocol/ids.ts";
import type { ComputeServer } from "./compute-server.ts";

/**
 * How many slots the tasks of each owner take, and may take. Counted is what can run at once: of batches that wait behind
 * others of the same owner on one Compute Server no more than its lanes ever run together. "May run" in R6 means within it.
 * A volunteer who adds slots sets to work what waits there already: what is past the limit then runs out and is not renewed.
 */
export class OwnerSlots {
  readonly #most: number;
  readonly #slots = new Map<Owner, number>();
  readonly #batches = new Map<ComputeServer, Map<Owner, { batches: number; slots: number }>>();

  constructor(mostSlots: number) {
    this.#most = mostSlots;
  }

  /** Whether one more batch of the owner there keeps within the limit. */
  mayAdd(owner: Owner, server: ComputeServer): boolean {
    if (this.#most === Infinity) return true;
    const held = this.#batches.get(server)?.get(owner);
    return this.slotsOf(owner) - (held?.slots ?? 0) + slotsOf((held?.batches ?? 0) + 1, server) <= this.#most;
  }

  /** Whether the owner has all that it may have, so that its other tasks wait for its own. */
  isAtLimit(owner: Owner): boolean {
    return this.slotsOf(owner) >= this.#most;
  }

  slotsOf(owner: Owner): number {
    return this.#slots.get(owner) ?? 0;
  }

  add(owner: Owner, server: ComputeServer): void {
    this.#change(owner, server, 1);
  }

  /** Answers whether the owner may now have what it could not have before. */
  remove(owner: Owner, server: ComputeServer): boolean {
    const before = this.slotsOf(owner);
    this.#change(owner, server, -1);
    return this.slotsOf(owner) < before && before + server.laneSlots > this.#most;
  }

  /** The volunteer changed its slots. */
  serverChanged(server: ComputeServer): void {
    for (const owner of this.#batches.get(server)?.keys() ?? []) this.#change(owner, server, 0);
  }

  #change(owner: Owner, server: ComputeServer, batches: number): void {
    if (this.#most === Infinity) return;
    const byOwner = this.#batches.get(server) ?? new Map<Owner, { batches: number; slots: number }>();
    const held = byOwner.get(owner) ?? { batches: 0, slots: 0 };
    const now = { batches: held.batches + batches, slots: slotsOf(held.batches + batches, server) };
    const slots = this.slotsOf(owner) + now.slots - held.slots;
    if (now.batches > 0) byOwner.set(owner, now);
    else byOwner.delete(owner);
    if (byOwner.size > 0) this.#batches.set(server, byOwner);
    else this.#batches.delete(server);
    if (slots > 0) this.#slots.set(owner, slots);
    else this.#slots.delete(owner);
  }
}

function slotsOf(batches: number, { lanes, laneSlots }: ComputeServer): number {
  return Math.min(batches, lanes) * laneSlots;
}
