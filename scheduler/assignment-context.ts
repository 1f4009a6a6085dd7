import type { BatchIds } from "./batch-ids.ts";
import type { Settings } from "./options.ts";
import type { Placements } from "./placement/policies.ts";

/** What all Load Balancers of a scheduler have in common. */
export interface AssignmentContext {
  readonly settings: Settings;
  readonly batchIds: BatchIds;
  readonly placements: Placements;
  /** The hub stops: nothing is assigned any more. */
  draining: boolean;
}
