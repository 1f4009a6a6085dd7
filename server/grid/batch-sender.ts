import type { Logger } from "pino";
import type { Assign } from "../../protocol/down/assign.ts";
import type { ComputeServerId, JobId } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { Command } from "../../scheduler/command.ts";
import type { SchedulerEvent } from "../../scheduler/event.ts";
import type { ResultsArchive, StoredJob } from "../archive/archive.ts";
import type { AssignedFiles } from "../compute-link/assigned-files.ts";
import type { ComputeLinks } from "../compute-link/compute-links.ts";
import { givenLimits } from "../execution/task-limits.ts";
import type { AllowedPerTask } from "../limits.ts";
import { readBatch, type ReadBatch } from "./batch-inputs.ts";

type AssignCommand = Extract<Command, { type: "assign" }>;
type RevokeCommand = Extract<Command, { type: "revoke" }>;

export interface BatchSenderParts {
  readonly archive: ResultsArchive;
  readonly links: ComputeLinks;
  readonly assignedFiles: AssignedFiles;
  readonly allowedPerTask: AllowedPerTask;
  readonly logger: Logger;
  /** Undefined where the job is not active. */
  readonly activeJob: (jobId: JobId) => StoredJob | undefined;
  readonly dispatch: (event: SchedulerEvent) => void;
}

/** Sends batches to Compute Servers, with their inputs, and calls them back. */
export class BatchSender {
  readonly #parts: BatchSenderParts;
  /** Inputs are read before a batch is sent; what follows to the same Compute Server waits its turn behind it. */
  readonly #sending = new Map<ComputeServerId, Promise<void>>();

  constructor(parts: BatchSenderParts) {
    this.#parts = parts;
  }

  assign(command: AssignCommand): void {
    const { computeServerId, batchId, jobId } = command;
    const { activeJob, links, dispatch } = this.#parts;
    const job = activeJob(jobId);
    if (job === undefined) throw new Error(`Cannot assign batch ${batchId}: job ${jobId} is not active`);
    // If it comes back over another link before this is sent, it does not say that it holds this batch: it has lost it.
    const link = links.get(computeServerId);
    this.#inTurn(computeServerId, async () => {
      await link?.room();
      if (activeJob(jobId) !== job || links.get(computeServerId) !== link) return;
      const { inputs, ranges, rest } = await this.#read(command, job);
      this.#parts.assignedFiles.assigned(computeServerId, [command.executableId, ...(inputs.kind === "values" ? inputs.large.map(({ blobId }) => blobId) : [])]);
      if (ranges.length > 0) link?.send({
        type: "assign", batchId, jobId, jobName: job.name, owner: job.owner, executableId: command.executableId,
        ranges: ranges.map(([from, to]) => [from, to]), inputs, taskTimeoutMs: command.taskTimeoutMs, ...this.#limitsOf(job),
      });
      if (rest.length > 0) dispatch({ type: "released", computeServerId, batchId, jobId, ranges: rest });
    });
  }

  /** Those that are not what every Compute Server holds tasks to. */
  #limitsOf({ limits }: StoredJob): Pick<Assign, "outputBytes" | "logLines"> {
    const { outputBytes, logLines } = givenLimits(limits, this.#parts.allowedPerTask);
    return { ...(outputBytes < LIMITS.valueBytes ? { outputBytes } : {}), ...(logLines < LIMITS.logLinesPerTask ? { logLines } : {}) };
  }

  revoke({ computeServerId, batchIds, unstartedOnly, reason }: RevokeCommand): void {
    this.#inTurn(computeServerId, () => {
      for (let i = 0; i < batchIds.length; i += LIMITS.reportsPerMessage) {
        this.#parts.links.get(computeServerId)?.send({ type: "revoke", batchIds: batchIds.slice(i, i + LIMITS.reportsPerMessage), unstartedOnly, reason });
      }
    });
  }

  /** A job whose inputs cannot be read is paused, so that its batches do not come back for ever. */
  async #read({ batchId, ranges }: AssignCommand, job: StoredJob): Promise<ReadBatch> {
    const { jobId } = job;
    try {
      return await readBatch(this.#parts.archive, job, ranges);
    } catch (error) {
      this.#parts.logger.error({ err: error, jobId, batchId }, "cannot read the inputs of a batch: its job is paused");
      this.#parts.dispatch({ type: "job-paused", jobId });
      return { inputs: { kind: "range", start: 0, step: 1 }, ranges: [], rest: ranges };
    }
  }

  /** Runs what is meant for one Compute Server in the order in which it was commanded. */
  #inTurn(computeServerId: ComputeServerId, step: () => void | Promise<void>): void {
    const turn = (this.#sending.get(computeServerId) ?? Promise.resolve()).then(step).catch((error: unknown) => {
      this.#parts.logger.error({ err: error, computeServerId }, "cannot send to a Compute Server");
    });
    this.#sending.set(computeServerId, turn);
    void turn.then(() => {
      if (this.#sending.get(computeServerId) === turn) this.#sending.delete(computeServerId);
    });
  }
}
