import type { Logger } from "pino";
import { GridError } from "../../protocol/grid-error.ts";
import type { JobId } from "../../protocol/ids.ts";
import type { IndexRanges } from "../../protocol/index-range.ts";
import type { LargeValues } from "../../protocol/large-values.ts";
import type { PackedValues } from "../../protocol/packed-values.ts";
import type { RecordedFailure, ResultsArchive } from "../archive/archive.ts";
import type { JobState } from "../../protocol/http/job.ts";
import { RateMeter } from "../../scheduler/rate-meter.ts";
import type { Metrics } from "../metrics.ts";
import type { JobChange } from "../grid/grid.ts";

/** Outputs of a report, found by task index. */
export interface ReportedOutputs {
  readonly done: IndexRanges;
  readonly outputs: PackedValues;
  readonly large: LargeValues;
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
    for (const [from, to] of ranges) {
      const position = positionOf(reported.done, from);
      const large = reported.large.filter(({ index }) => index >= from && index < to);
      const packed = reported.outputs.slice(position, position + to - from);
      this.#write(this.#archive.saveResults(jobId, { range: [from, to], packed, large }), () => {
        this.#meter.add(to - from, Date.now());
        this.#tasksDone += to - from;
        this.#metrics.resultsStored.inc(to - from);
        this.#publish(jobId, { type: "results", ranges: [[from, to]] });
      });
    }
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

/** Where the output of `index` stands among the outputs of `done`. */
function positionOf(done: IndexRanges, index: number): number {
  let position = 0;
  for (const [from, to] of done) {
    if (index >= from && index < to) return position + index - from;
    position += to - from;
  }
  throw new RangeError(`Cannot find task ${index}: it was not reported`);
}
