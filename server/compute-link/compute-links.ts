import type { Down } from "../../protocol/down.ts";
import type { ComputeServerId } from "../../protocol/ids.ts";

/** What the grid asks of a Compute Server's link. */
export interface Link {
  send(message: Down): void;
  /** Settles when little enough is on its way that a batch may follow, or the link is gone. */
  room(): Promise<void>;
  close(code: number, reason: string): void;
}

/** The open links by Compute Server: one each. */
export class ComputeLinks {
  readonly #links = new Map<ComputeServerId, Link>();

  get size(): number {
    return this.#links.size;
  }

  get(computeServerId: ComputeServerId): Link | undefined {
    return this.#links.get(computeServerId);
  }

  /** Puts a link in the place of an earlier one, which is answered. */
  replace(computeServerId: ComputeServerId, link: Link): Link | undefined {
    const earlier = this.#links.get(computeServerId);
    this.#links.set(computeServerId, link);
    return earlier;
  }

  /** Forgets this link; answers whether it still was the Compute Server's. */
  remove(computeServerId: ComputeServerId, link: Link): boolean {
    return this.#links.get(computeServerId) === link && this.#links.delete(computeServerId);
  }

  all(): IterableIterator<Link> {
    return this.#links.values();
  }
}
