import type { Tolerance } from "../../../protocol/http/verification.ts";
import type { IndexRange, IndexRanges } from "../../../protocol/index-range.ts";
import type { LargeValue } from "../../../protocol/large-values.ts";
import { isWellFormedValue } from "../../../protocol/value-check.ts";
import { decodeValue, type Value } from "../../../protocol/value.ts";
import { IndexSet } from "../../../scheduler/index-set.ts";
import type { AcceptedAnswer, AnswerDigest } from "../../../scheduler/verification/verification.ts";
import type { ResultsArchive, StoredJob } from "../../archive/archive.ts";
import { VERIFICATION_LIMITS } from "../../limits.ts";
import type { ReportedOutputs } from "../results-manager.ts";
import { isClose } from "./tolerance.ts";

type Output = Uint8Array | LargeValue;

/** The first output of a task that stands for this answer: what later ones are compared with. */
interface Known {
  readonly answer: AnswerDigest;
  readonly output: Output;
}

/** What a kept output costs beside its bytes. */
const TASK_BYTES = 200;
/** Tasks that are compared at once, with all their outputs in memory. */
const SLICE_TASKS = 256;

/**
 * The answers of one job whose numbers count as the same where they are close. Being close is not transitive, so it is
 * said what an output is compared with: the first output of each answer that is held of its task, in the order in which
 * they came; it stands for the first of them that it is close to, and else for an answer of its own. Outputs stay in
 * memory up to a bound; what is not there is read from the archive when it is needed.
 */
export class CloseAnswers {
  readonly #archive: ResultsArchive;
  readonly #job: StoredJob;
  readonly #tolerance: Tolerance;
  /** Tasks of which an output is held, in memory or not. */
  readonly #answered: IndexSet;
  readonly #kept = new Map<number, readonly Known[]>();
  #keptBytes = 0;

  /** `answered`: the tasks of which an output was held when the hub took the job up. */
  constructor(archive: ResultsArchive, job: StoredJob, tolerance: Tolerance, answered: IndexRanges) {
    this.#archive = archive;
    this.#job = job;
    this.#tolerance = tolerance;
    this.#answered = new IndexSet(answered);
  }

  /** The answers of a report, one an index of `done`; `alone`: those that the outputs would have by themselves. */
  async of(reported: ReportedOutputs, alone: readonly AnswerDigest[]): Promise<AnswerDigest[]> {
    const answers: AnswerDigest[] = [];
    for (const slice of slicesOf(reported.done)) {
      await this.#load(slice);
      for (const { index, position, output } of outputsOf(reported, [slice])) answers.push(await this.#ofOne(index, output, alone[position] ?? ""));
      this.#trim();
    }
    return answers;
  }

  /** Outputs of those tasks are held; `answers` are those of the whole report. */
  hold(ranges: IndexRanges, reported: ReportedOutputs, answers: readonly AnswerDigest[]): void {
    for (const { index, position, output } of outputsOf(reported, ranges)) {
      const known = this.#kept.get(index) ?? (this.#answered.has(index) ? undefined : []);
      this.#answered.add(index, index + 1);
      const answer = answers[position] ?? "";
      if (known === undefined || known.some((one) => one.answer === answer)) continue;
      // Without the frame that it came in.
      this.#keep(index, [...known, { answer, output: output instanceof Uint8Array ? output.slice() : output }]);
    }
    this.#trim();
  }

  /** Those tasks have a result: nothing is held of them any more, and later answers to them are not wanted. */
  end(ranges: IndexRanges): void {
    for (const [from, to] of ranges) {
      this.#answered.remove(from, to);
      for (let index = from; index < to; index++) this.#forget(index);
    }
  }

  endOf(accepted: readonly AcceptedAnswer[]): void {
    this.end(accepted.map(({ index }): IndexRange => [index, index + 1]));
  }

  /** What somebody held of those tasks is void: what is left is read when it is needed. */
  drop(ranges: IndexRanges): void {
    for (const [from, to] of ranges) for (let index = from; index < to; index++) this.#forget(index);
  }

  async #ofOne(index: number, output: Output, alone: AnswerDigest): Promise<AnswerDigest> {
    const known = this.#kept.get(index) ?? [];
    if (known.length === 0 || known.some(({ answer }) => answer === alone)) return alone;
    const value = await this.#value(output);
    if (value === undefined) return alone;
    for (const { answer, output } of known) {
      const first = await this.#value(output);
      if (first !== undefined && isClose(first, value, this.#tolerance)) return answer;
    }
    return alone;
  }

  /** Undefined where it is too long to be compared, or nothing that a task can give. */
  async #value(output: Output): Promise<Value | undefined> {
    const most = VERIFICATION_LIMITS.comparedBytes;
    const encoded = output instanceof Uint8Array ? output : output.bytes > most ? undefined : await this.#archive.blob(output.blobId);
    if (encoded === undefined || encoded.byteLength > most || !isWellFormedValue(encoded)) return undefined;
    try {
      return decodeValue(encoded);
    } catch {
      return undefined; // a hostile tab's: it is close to nothing
    }
  }

  /** Brings what is held of these tasks into memory. */
  async #load(range: IndexRange): Promise<void> {
    const missing = this.#missing(range);
    if (missing === null) return;
    const found = new Map<number, Known[]>();
    for (const { index, answer, value } of await this.#archive.heldOutputs(this.#job.jobId, missing)) {
      const known = found.get(index) ?? [];
      if (!known.some((one) => one.answer === answer)) found.set(index, [...known, { answer, output: value }]);
    }
    for (let index = missing[0]; index < missing[1]; index++) {
      if (!this.#kept.has(index) && this.#answered.has(index)) this.#keep(index, found.get(index) ?? []);
    }
  }

  /** The stretch of the range in which outputs are not in memory, or null. */
  #missing([from, to]: IndexRange): IndexRange | null {
    let first: number | null = null;
    let last = from;
    for (let index = from; index < to; index++) {
      if (this.#kept.has(index) || !this.#answered.has(index)) continue;
      first ??= index;
      last = index;
    }
    return first === null ? null : [first, last + 1];
  }

  #keep(index: number, known: readonly Known[]): void {
    this.#forget(index);
    this.#kept.set(index, known);
    this.#keptBytes += bytesOf(known);
  }

  /** Lets go what was kept for the longest. */
  #trim(): void {
    for (const oldest of this.#kept.keys()) {
      if (this.#keptBytes <= VERIFICATION_LIMITS.keptBytes) return;
      this.#forget(oldest);
    }
  }

  #forget(index: number): void {
    const known = this.#kept.get(index);
    if (known === undefined) return;
    this.#kept.delete(index);
    this.#keptBytes -= bytesOf(known);
  }
}

function bytesOf(known: readonly Known[]): number {
  return known.reduce((sum, { output }) => sum + TASK_BYTES + (output instanceof Uint8Array ? output.byteLength : 0), TASK_BYTES);
}

function* slicesOf(ranges: IndexRanges): Generator<IndexRange> {
  for (const [from, to] of ranges) for (let start = from; start < to; start += SLICE_TASKS) yield [start, Math.min(to, start + SLICE_TASKS)];
}

/** The outputs of those ascending ranges, which are part of what was reported. */
function* outputsOf({ done, outputs, large }: ReportedOutputs, ranges: IndexRanges): Generator<{ readonly index: number; readonly position: number; readonly output: Output }> {
  const blobs = new Map(large.map((value) => [value.index, value]));
  let before = 0;
  let next = 0;
  for (const [from, to] of done) {
    while ((ranges[next]?.[1] ?? Infinity) <= from) next++;
    for (let i = next; i < ranges.length; i++) {
      const [first, end] = ranges[i] ?? [Infinity, Infinity];
      if (first >= to) break;
      for (let index = Math.max(from, first); index < Math.min(to, end); index++) {
        const position = before + index - from;
        yield { index, position, output: blobs.get(index) ?? outputs.at(position) };
      }
    }
    before += to - from;
  }
}
