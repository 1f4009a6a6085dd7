import type { JobId } from "../../../protocol/ids.ts";
import type { IndexRanges } from "../../../protocol/index-range.ts";
import type { AcceptedAnswer, AnswerDigest } from "../../../scheduler/verification/verification.ts";
import type { ResultsArchive, StoredJob } from "../../archive/archive.ts";
import type { ReportedOutputs } from "../results-manager.ts";
import { CloseAnswers } from "./close-answers.ts";
import { ReportAnswers } from "./report-answers.ts";

const NO_LARGE: ReadonlyMap<number, AnswerDigest> = new Map();

/** Tells which answers a report gives, for jobs whose answers are verified. It decides nothing. */
export class VerifiedAnswers {
  readonly #archive: ResultsArchive;
  readonly #answers: ReportAnswers;
  /** Of jobs that compare by tolerance. */
  readonly #close = new Map<JobId, CloseAnswers>();
  /** Reports of one such job are compared one after the other, each with what came before it. */
  readonly #turns = new Map<JobId, Promise<void>>();

  constructor(archive: ResultsArchive) {
    this.#archive = archive;
    this.#answers = new ReportAnswers(archive);
  }

  /** Takes up a job. `answered`: the tasks of which an output is held. */
  begin(job: StoredJob, answered: IndexRanges): void {
    const { policy, compare } = job.verification;
    if (policy === "first" || typeof compare === "string") return;
    this.#close.set(job.jobId, new CloseAnswers(this.#archive, job, compare, answered));
  }

  end(jobId: JobId): void {
    this.#close.delete(jobId);
  }

  /** Calls `take` with the answers of the report, one an index of `done`; what `take` causes to be held is seen by the next. */
  async answer(job: StoredJob, reported: ReportedOutputs, take: (answers: readonly AnswerDigest[]) => void): Promise<void> {
    const close = this.#close.get(job.jobId);
    if (close === undefined) {
      const large = reported.large.length === 0 ? NO_LARGE : await this.#answers.large(job, reported.large);
      return take(this.#answers.of(job, reported, large));
    }
    const turn = (this.#turns.get(job.jobId) ?? Promise.resolve()).then(async () => {
      const alone = this.#answers.of(job, reported, await this.#answers.large(job, reported.large));
      take(await close.of(reported, alone));
    });
    const settled = turn.then(() => undefined, () => undefined); // whoever reported is told of its failure
    this.#turns.set(job.jobId, settled);
    await turn.finally(() => {
      if (this.#turns.get(job.jobId) === settled) this.#turns.delete(job.jobId);
    });
  }

  hold(jobId: JobId, ranges: IndexRanges, reported: ReportedOutputs): void {
    this.#close.get(jobId)?.hold(ranges, reported, reported.answers ?? []);
  }

  /** Outputs of those tasks were accepted as they came. */
  accept(jobId: JobId, ranges: IndexRanges): void {
    this.#close.get(jobId)?.end(ranges);
  }

  acceptHeld(jobId: JobId, accepted: readonly AcceptedAnswer[]): void {
    this.#close.get(jobId)?.endOf(accepted);
  }

  drop(jobId: JobId, ranges: IndexRanges): void {
    this.#close.get(jobId)?.drop(ranges);
  }
}
