import type { Lease } from "./lease.ts";
import { MinHeap } from "./min-heap.ts";

interface LeaseHolder {
  readonly lease: Lease;
}

interface Expiry<H> {
  readonly holder: H;
  readonly atMs: number;
  readonly order: number;
}

/**
 * Which leases end next. A renewal touches the lease alone: the heap finds out when the old end has come, and looks again
 * at the new one. So ten thousand Compute Servers that send frames cost nothing here.
 */
export class LeaseExpiries<H extends LeaseHolder> {
  readonly #heap = new MinHeap<Expiry<H>>((a, b) => (a.atMs === b.atMs ? a.order < b.order : a.atMs < b.atMs));
  /** When each holder is looked at next. An expiry in the heap that differs is void. */
  readonly #lookedAtMs = new Map<H, number>();
  #order = 0;

  /** Watches a lease that was granted, perhaps anew. One that never ends needs no watch. */
  watch(holder: H): void {
    const endsAtMs = holder.lease.endsAtMs;
    if (endsAtMs >= (this.#lookedAtMs.get(holder) ?? Infinity)) return;
    this.#lookedAtMs.set(holder, endsAtMs);
    this.#heap.push({ holder, atMs: endsAtMs, order: this.#order++ });
  }

  forget(holder: H): void {
    this.#lookedAtMs.delete(holder);
  }

  /** Takes out, in the order of their ends, those whose lease is over. */
  takeExpired(nowMs: number): H[] {
    const expired: H[] = [];
    for (let first = this.#current(); first !== undefined && first.atMs <= nowMs; first = this.#current()) {
      this.#heap.pop();
      this.#lookedAtMs.delete(first.holder);
      expired.push(first.holder);
    }
    return expired;
  }

  /** When the next lease ends; Infinity where none does. */
  nextMs(): number {
    return this.#current()?.atMs ?? Infinity;
  }

  /** The first expiry that is true as things stand now. */
  #current(): Expiry<H> | undefined {
    for (;;) {
      const first = this.#heap.peek();
      if (first === undefined) return undefined;
      const { holder, atMs } = first;
      const isVoid = this.#lookedAtMs.get(holder) !== atMs;
      if (!isVoid && holder.lease.endsAtMs <= atMs) return first;
      this.#heap.pop();
      if (isVoid) continue;
      this.#lookedAtMs.delete(holder);
      this.watch(holder);
    }
  }
}
