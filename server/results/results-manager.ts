import type { Logger } from "pino";
import { GridError } from "../../protocol/grid-error.ts";
import type { ComputeServerId, JobId } from "../../protocol/ids.ts";
import { countIndexes, type IndexRange, type IndexRanges } from "../../protocol/index-range.ts";
import type { LargeValues } from "../../protocol/large-values.ts";
import type { PackedValues } from "../../protocol/packed-values.ts";
import type { HeldBy, RecordedFailure, ResultsArchive, ValueChunk } from "../archive/archive.ts";
import type { JobState } from "../../protocol/http/job.ts";
import { IndexSet } from "../../scheduler/index-set.ts";
import { RateMeter } from "../../scheduler/rate-meter.ts";
import type { AcceptedAnswer, AnswerDigest } from "../../scheduler/verification/verification.ts";
import type { Metrics } from "../metrics.ts";
import type { JobChange } from "../grid/grid.ts";

/** Outputs of a report, found by task index. */
export interface ReportedOutputs {
  readonly done: IndexRanges;
  readonly outputs: PackedValues;
  readonly large: LargeValues;
  /** The answer that each output stands for, one an index of `done`: exactly where answers are verified. */
  readonly answers?: readonly AnswerDigest[];
}

/**
 * The one place where an outcome becomes durable. Writes go to the archive in the order of the calls; only when a
 * write is on disk is it told to viewers, and only when all writes before it are may it be acknowledged (R3).
 */
export class ResultsManager {
  readonly #archive: ResultsArchive;
  readonly #publish: (jobId: JobId, change: JobChange) => void;
  readonly #meter = new RateMeter();
  readonly #metrics: Metrics;
  readonly #logger: Logger;
  readonly #onFatal: (error: unknown) => void;
  #lastWrite: Promise<void> = Promise.resolve();
  #tasksDone = 0;

  constructor(archive: ResultsArchive, publish: (jobId: JobId, change: JobChange) => void, metrics: Metrics, logger: Logger, onFatal: (error: unknown) => void) {
    this.#archive = archive;
    this.#publish = publish;
    this.#metrics = metrics;
    this.#logger = logger;
    this.#onFatal = onFatal;
  }

  /** Outputs that came on disk since the hub started. */
  get tasksDone(): number {
    return this.#tasksDone;
  }

  tasksPerSecond(): number {
    return this.#meter.perSecond(Date.now());
  }

  /** Settles when everything written so far is on disk; rejects when something of it never will be, and may not be acknowledged. */
  written(): Promise<void> {
    return this.#lastWrite;
  }

  /** Stores the outputs of those ranges, which are part of what was reported. */
  accept(jobId: JobId, ranges: IndexRanges, reported: ReportedOutputs): void {
    for (const range of ranges) {
      const { chunk } = reportedChunk(reported, range);
      this.#write(this.#archive.saveResults(jobId, chunk), () => this.#stored(jobId, [range]));
    }
  }

  /** Keeps the outputs of those ranges, which are part of what was reported, until they are accepted: nobody is told of them. */
  hold(jobId: JobId, by: HeldBy, ranges: IndexRanges, reported: ReportedOutputs): void {
    const { answers } = reported;
    if (answers === undefined) throw new Error(`Cannot hold outputs of job ${jobId}: their answers are not known`);
    for (const range of ranges) {
      const { chunk, position } = reportedChunk(reported, range);
      this.#write(this.#archive.saveHeld(jobId, { ...by, chunk, answers: answers.slice(position, position + range[1] - range[0]) }), () => undefined);
    }
  }

  /** Makes held outputs the results of their tasks. */
  acceptHeld(jobId: JobId, accepted: readonly AcceptedAnswer[]): void {
    const ranges = new IndexSet(accepted.map(({ index }): IndexRange => [index, index + 1]));
    this.#write(this.#archive.acceptHeld(jobId, accepted), () => this.#stored(jobId, [...ranges.ranges()]));
  }

  dropHeld(jobId: JobId, computeServerId: ComputeServerId | "all", ranges: IndexRanges): void {
    this.#write(this.#archive.dropHeld(jobId, computeServerId, ranges), () => undefined);
  }

  addRuns(jobId: JobId, runs: number): void {
    this.#write(this.#archive.addRuns(jobId, runs), () => undefined);
  }

  saveCaught(jobId: JobId, computeServerId: ComputeServerId): void {
    this.#write(this.#archive.saveCaught(jobId, computeServerId), () => undefined);
  }

  recordFailure(failure: RecordedFailure): void {
    this.#write(this.#archive.saveFailure(failure), () => {
      this.#metrics.failuresStored.inc();
      this.#publish(failure.jobId, { type: "failures" });
    });
  }

  forgetFailures(jobId: JobId): void {
    this.#write(this.#archive.forgetFailures(jobId), () => this.#publish(jobId, { type: "failures" }));
  }

  setJobState(jobId: JobId, state: JobState, atMs: number): void {
    this.#write(this.#archive.setJobState(jobId, state, atMs), () => this.#publish(jobId, { type: "state" }));
  }

  #stored(jobId: JobId, ranges: IndexRanges): void {
    const tasks = countIndexes(ranges);
    this.#meter.add(tasks, Date.now());
    this.#tasksDone += tasks;
    this.#metrics.resultsStored.inc(tasks);
    this.#publish(jobId, { type: "results", ranges });
  }

  #write(write: Promise<void>, onDisk: () => void): void {
    const lastWrite = Promise.all([this.#lastWrite, write.then(onDisk, (error: unknown) => {
      // What has ended before is on disk already, and stays as it is (R2).
      if (!(error instanceof GridError) || error.kind !== "conflict") throw error;
      this.#logger.error({ err: error }, "the archive refused the end of a task that had ended");
    })]).then(() => undefined);
    lastWrite.catch(this.#onFatal);
    this.#lastWrite = lastWrite;
  }
}

/** The outputs of one range, and where they stand among those of the report. */
function reportedChunk({ done, outputs, large }: ReportedOutputs, range: IndexRange): { readonly chunk: ValueChunk; readonly position: number } {
  const [from, to] = range;
  const position = positionOf(done, from);
  return {
    position,
    chunk: { range, packed: outputs.slice(position, position + to - from), large: large.filter(({ index }) => index >= from && index < to) },
  };
}

/** Where the output of `index` stands among the outputs of `done`. */
function positionOf(done: IndexRanges, index: number): number {
  let position = 0;
  for (const [from, to] of done) {
    if (index >= from && index < to) return position + index - from;
    position += to - from;
  }
  throw new RangeError(`Cannot find task ${index}: it was not reported`);
}
