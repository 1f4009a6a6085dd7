import type { ComputeServer } from "./compute-server.ts";
import type { Offer } from "./requirements.ts";

/** What one usable Compute Server adds to the slots and the speed of all. */
interface Part {
  readonly slots: number;
  readonly speed: number;
  readonly offer: Offer;
}

/** What the usable Compute Servers of a Load Balancer come to together. */
export class Capacity {
  /** Slots that tasks can be sent to. */
  slots = 0;
  /** Of all slots. */
  speed = 0;
  /** How often who is usable, or what is offered, has changed. */
  changes = 0;
  readonly #parts = new Map<ComputeServer, Part>();

  /** How many are usable. */
  get count(): number {
    return this.#parts.size;
  }

  has(server: ComputeServer): boolean {
    return this.#parts.has(server);
  }

  /** Takes in what it is now; `counts`: whether it is usable here at all. */
  weigh(server: ComputeServer, counts: boolean): void {
    const before = this.#parts.get(server);
    const slots = counts ? server.slots : 0;
    const speed = slots * server.speed;
    this.slots += slots - (before?.slots ?? 0);
    this.speed += speed - (before?.speed ?? 0);
    if (counts !== (before !== undefined) || before?.offer !== server.offer) this.changes++;
    if (counts) this.#parts.set(server, { slots, speed, offer: server.offer });
    else this.#parts.delete(server);
    // Sums of fractions drift; with nobody there the sum is known.
    if (this.#parts.size === 0) this.speed = 0;
  }
}
