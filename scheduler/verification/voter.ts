import type { ComputeServerId } from "../../protocol/ids.ts";
import type { Tally } from "./tally.ts";
import type { Window } from "./window.ts";

/** Who answers, as verification sees it. */
export interface Answerer {
  readonly computeServerId: ComputeServerId;
  readonly volunteer: string;
  readonly network: string;
  readonly engineName: string;
  readonly vouched: boolean;
}

/** What one Compute Server has answered to one job. */
export class Voter {
  readonly computeServerId: ComputeServerId;
  readonly volunteer: string;
  readonly network: string;
  readonly vouched: boolean;
  caught = false;
  /** Takes its first answers to tasks, until it is closed. */
  open: Window | undefined;
  /** Those with undecided tasks, the open one too. */
  readonly windows = new Set<Window>();
  /** Undecided tasks that others had answered before it. */
  readonly later = new Set<Tally>();
  /** First answers that it gave. */
  given = 0;
  /** First answers of it that others confirmed, in all its windows. */
  confirmed = 0;
  /** First answers of it that were accepted. */
  accepted = 0;

  constructor({ computeServerId, volunteer, network, vouched }: Answerer) {
    this.computeServerId = computeServerId;
    this.volunteer = volunteer;
    this.network = network;
    this.vouched = vouched;
  }

  get hasNothingOpen(): boolean {
    return !this.caught && this.windows.size === 0 && this.later.size === 0;
  }
}
