import type { BatchId } from "../protocol/ids.ts";
import type { ComputeServer } from "./compute-server.ts";
import { IndexSet } from "./index-set.ts";
import type { JobRun } from "./job-run.ts";
import type { IndexRanges } from "../protocol/index-range.ts";

interface NewBatch {
  readonly batchId: BatchId;
  readonly job: JobRun;
  readonly server: ComputeServer;
  readonly ranges: IndexRanges;
  readonly assignedAtMs: number;
  /** Expected slot time of one task. */
  readonly taskMs: number;
  /** How long it is expected to wait there until it starts. */
  readonly waitMs: number;
  readonly copy: boolean;
}

/** Tasks that a Compute Server holds, by the hub's own count. */
export class Batch {
  readonly batchId: BatchId;
  readonly job: JobRun;
  readonly server: ComputeServer;
  readonly tasks: number;
  readonly assignedAtMs: number;
  readonly taskMs: number;
  /** When it should begin, behind what ran there before. */
  readonly startsAtMs: number;
  /** When it should be finished. */
  readonly dueAtMs: number;
  /** It runs tasks that another Compute Server holds too. */
  readonly copy: boolean;
  /** Tasks that it has not reported or given back. */
  readonly left: IndexSet;
  /** How many of `left` have not ended elsewhere. At 0 there is nothing to wait for. */
  open: number;
  /** What it has not begun was asked back already. */
  askedBack = false;
  heardAtMs: number;
  /** Slot time that it has reported. */
  busyMs = 0;

  constructor(batch: NewBatch) {
    this.batchId = batch.batchId;
    this.job = batch.job;
    this.server = batch.server;
    this.left = new IndexSet(batch.ranges);
    this.tasks = this.left.count;
    this.open = this.tasks;
    this.assignedAtMs = batch.assignedAtMs;
    this.heardAtMs = batch.assignedAtMs;
    this.taskMs = batch.taskMs;
    this.startsAtMs = batch.assignedAtMs + batch.waitMs;
    this.dueAtMs = this.startsAtMs + (this.tasks * batch.taskMs) / batch.server.laneSlots;
    this.copy = batch.copy;
  }

  /** Expected slot time of what is left. */
  get leftMs(): number {
    return this.left.count * this.taskMs;
  }
}
