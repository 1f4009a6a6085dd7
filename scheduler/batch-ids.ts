import { batchIdSchema, type BatchId } from "../protocol/ids.ts";

/** More batches than this a millisecond are never cut, so ids of an earlier run of the hub do not come again. */
const IDS_PER_MS = 1024;

/**
 * Counts batch ids up, from a number that grows with the time of the first: a tab that comes back after the hub was
 * restarted never holds a batch that goes by the id of a new one.
 */
export class BatchIds {
  #next: number | null = null;

  next(nowMs: number): BatchId {
    this.#next = this.#next === null ? Math.floor(nowMs) * IDS_PER_MS : this.#next + 1;
    return batchIdSchema.parse(this.#next);
  }
}
