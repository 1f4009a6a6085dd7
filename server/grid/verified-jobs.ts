import type { Logger } from "pino";
import type { ComputeServerId, JobId } from "../../protocol/ids.ts";
import { countIndexes, type IndexRange, type IndexRanges } from "../../protocol/index-range.ts";
import type { Command } from "../../scheduler/command.ts";
import type { SchedulerEvent } from "../../scheduler/event.ts";
import type { HeldAnswer } from "../../scheduler/verification/verification.ts";
import type { HeldBy, ResultsArchive, StoredJob } from "../archive/archive.ts";
import { VerifiedAnswers } from "../results/answers/verified-answers.ts";
import type { ReportedOutputs, ResultsManager } from "../results/results-manager.ts";

export type VerificationCommand = Extract<Command, { readonly type: "hold" | "accept-held" | "drop-held" | "server-caught" }>;

/** The part of the grid that serves jobs whose answers are verified: which answers come, and what becomes of their outputs. */
export class VerifiedJobs {
  readonly #results: ResultsManager;
  readonly #logger: Logger;
  readonly #answers: VerifiedAnswers;
  /** Whose the registered Compute Servers are. */
  readonly #owners = new Map<ComputeServerId, HeldBy>();

  constructor(archive: ResultsArchive, results: ResultsManager, logger: Logger) {
    this.#results = results;
    this.#logger = logger;
    this.#answers = new VerifiedAnswers(archive);
  }

  /** Takes up a job, with what the archive has of it. */
  begin(job: StoredJob, held: readonly HeldAnswer[] = []): void {
    this.#answers.begin(job, held.map(({ index }): IndexRange => [index, index + 1]));
  }

  end(jobId: JobId): void {
    this.#answers.end(jobId);
  }

  /** Remembers who registered, before its answers come. */
  heard(event: SchedulerEvent): void {
    if (event.type === "server-unregistered") this.#owners.delete(event.computeServerId);
    if (event.type !== "server-registered") return;
    const { computeServerId, volunteer = computeServerId, network = "" } = event;
    this.#owners.set(computeServerId, { computeServerId, volunteer, network });
  }

  expired(computeServerId: ComputeServerId): void {
    this.#owners.delete(computeServerId);
  }

  /** Hands on the outputs of a report with their answers, and counts them. */
  async take(job: StoredJob, reported: ReportedOutputs, hand: (reported: Required<ReportedOutputs>) => void): Promise<void> {
    await this.#answers.answer(job, reported, (answers) => {
      const runs = countIndexes(reported.done);
      if (runs > 0) this.#results.addRuns(job.jobId, runs);
      hand({ ...reported, answers });
    });
  }

  /** Outputs of a verified job were accepted as they came: whatever was held of their tasks is not wanted any more. */
  accepted(jobId: JobId, ranges: IndexRanges): void {
    this.#answers.accept(jobId, ranges);
    this.#results.dropHeld(jobId, "all", ranges);
  }

  perform(command: VerificationCommand, reported: ReportedOutputs | undefined): void {
    const { jobId } = command;
    switch (command.type) {
      case "hold": {
        if (reported === undefined) throw new Error("Cannot hold outputs: none were reported");
        const { computeServerId, ranges } = command;
        this.#answers.hold(jobId, ranges, reported);
        return this.#results.hold(jobId, this.#owners.get(computeServerId) ?? { computeServerId, volunteer: computeServerId, network: "" }, ranges, reported);
      }
      case "accept-held":
        this.#answers.acceptHeld(jobId, command.accepted);
        return this.#results.acceptHeld(jobId, command.accepted);
      case "drop-held":
        this.#answers.drop(jobId, command.ranges);
        return this.#results.dropHeld(jobId, command.computeServerId, command.ranges);
      case "server-caught":
        this.#logger.warn({ computeServerId: command.computeServerId, jobId, index: command.index }, "a Compute Server gave a wrong answer");
        return this.#results.saveCaught(jobId, command.computeServerId);
    }
  }
}
