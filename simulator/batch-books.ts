import type { BatchId, ComputeServerId, JobId } from "../protocol/ids.ts";
import type { Command } from "../scheduler/command.ts";
import type { SchedulerEvent } from "../scheduler/event.ts";
import { IndexSet } from "../scheduler/index-set.ts";

/** A batch as an observer knows it, who sees nothing but events and commands. */
export interface BookedBatch {
  readonly batchId: BatchId;
  readonly computeServerId: ComputeServerId;
  readonly jobId: JobId;
  /** Neither reported nor given back. */
  readonly left: IndexSet;
}

/** Which batches are out, kept independently of the scheduler so that its count can be checked. */
export class BatchBooks {
  readonly #byServer = new Map<ComputeServerId, Map<BatchId, BookedBatch>>();
  readonly #byJob = new Map<JobId, Set<BookedBatch>>();

  ofJob(jobId: JobId): ReadonlySet<BookedBatch> {
    return this.#byJob.get(jobId) ?? new Set();
  }

  /** Takes in what the event says of batches. What the scheduler then commands comes after it. */
  happened(event: SchedulerEvent): void {
    switch (event.type) {
      case "outcomes": {
        const left = this.#byServer.get(event.computeServerId)?.get(event.batchId)?.left;
        if (left === undefined) return;
        for (const [from, to] of event.done) left.remove(from, to);
        for (const { index } of event.failures) left.remove(index, index + 1);
        return;
      }
      case "released": {
        const left = this.#byServer.get(event.computeServerId)?.get(event.batchId)?.left;
        for (const [from, to] of event.ranges) left?.remove(from, to);
        return;
      }
      case "server-registered": {
        const holding = new Set(event.holding);
        for (const batch of this.#byServer.get(event.computeServerId)?.values() ?? []) if (!holding.has(batch.batchId)) this.#drop(batch);
        return;
      }
      case "server-unregistered": this.#dropServer(event.computeServerId); return;
      default: return;
    }
  }

  commanded(command: Command): void {
    if (command.type === "assign") this.#assigned(command);
    else if (command.type === "expire-server") this.#dropServer(command.computeServerId);
    else if (command.type === "revoke" && !command.unstartedOnly) {
      for (const batchId of command.batchIds) {
        const batch = this.#byServer.get(command.computeServerId)?.get(batchId);
        if (batch !== undefined) this.#drop(batch);
      }
    }
  }

  clear(): void {
    this.#byServer.clear();
    this.#byJob.clear();
  }

  #assigned({ batchId, computeServerId, jobId, ranges }: Command & { readonly type: "assign" }): void {
    const batch = { batchId, computeServerId, jobId, left: new IndexSet(ranges) };
    const ofServer = this.#byServer.get(computeServerId) ?? new Map<BatchId, BookedBatch>();
    this.#byServer.set(computeServerId, ofServer.set(batchId, batch));
    const ofJob = this.#byJob.get(jobId) ?? new Set();
    this.#byJob.set(jobId, ofJob.add(batch));
    // What is reported whole is of no more interest; it is swept here, where there is something to look at anyway.
    for (const other of ofServer.values()) if (other.left.count === 0) this.#drop(other);
  }

  #dropServer(computeServerId: ComputeServerId): void {
    for (const batch of this.#byServer.get(computeServerId)?.values() ?? []) this.#drop(batch);
    this.#byServer.delete(computeServerId);
  }

  #drop(batch: BookedBatch): void {
    this.#byServer.get(batch.computeServerId)?.delete(batch.batchId);
    this.#byJob.get(batch.jobId)?.delete(batch);
  }
}
