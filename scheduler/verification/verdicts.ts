import type { ComputeServerId } from "../../protocol/ids.ts";
import type { AcceptedAnswer } from "./verification.ts";

/** What follows from answers. Indexes of tasks, in the order in which it was found. */
export class Verdicts {
  /** Answers that just came and count as votes: they are to be held. */
  readonly held: number[] = [];
  readonly accepted: AcceptedAnswer[] = [];
  /** Who is caught, by its answer to which task. */
  readonly caught: { readonly computeServerId: ComputeServerId; readonly index: number }[] = [];
  /** Held answers that are void. */
  readonly dropped = new Map<ComputeServerId, number[]>();
  /** Tasks that have no answer left: they are to be run anew. */
  readonly again: number[] = [];
  /** Tasks on which hardly two agree: they have failed. */
  readonly differing: { readonly index: number; readonly answers: number }[] = [];
  /** Whose answers were found right by others', and whose wrong: once a task. */
  readonly passed: ComputeServerId[] = [];
  readonly failed: ComputeServerId[] = [];

  get hasEnds(): boolean {
    return this.accepted.length + this.again.length + this.differing.length > 0;
  }

  get isEmpty(): boolean {
    return !this.hasEnds && this.held.length + this.caught.length + this.dropped.size + this.passed.length + this.failed.length === 0;
  }

  drop(computeServerId: ComputeServerId, index: number): void {
    const indexes = this.dropped.get(computeServerId);
    if (indexes === undefined) this.dropped.set(computeServerId, [index]);
    else indexes.push(index);
  }
}
