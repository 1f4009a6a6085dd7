import type { Tolerance } from "../../../protocol/http/verification.ts";
import type { IndexRange, IndexRanges } from "../../../protocol/index-range.ts";
import type { LargeValue } from "../../../protocol/large-values.ts";
import { decodeValue, type Value } from "../../../protocol/value.ts";
import { isWellFormedValue } from "../../../protocol/value-check.ts";
import { IndexSet } from "../../../scheduler/index-set.ts";
import type { AcceptedAnswer, AnswerDigest } from "../../../scheduler/verification/verification.ts";
import type { ResultsArchive, StoredJob } from "../../archive/archive.ts";
import { VERIFICATION_LIMITS } from "../../limits.ts";
import { OpenChunk, resultChunks } from "../stored-values.ts";
import type { ReportedOutputs } from "../results-manager.ts";
import type { ReportAnswers } from "./report-answers.ts";
import { isClose } from "./tolerance.ts";

type Output = Uint8Array | LargeValue;

/** The first output of a task that stands for this answer: what later ones are compared with. */
interface Known {
  readonly answer: AnswerDigest;
  readonly output: Output;
  /** Whether it is known that this output would have that answer also by itself. */
  readonly alone: boolean;
}

/** What a kept output costs beside its bytes. */
const TASK_BYTES = 200;
/** Tasks that are compared at once, with all their outputs in memory. */
const SLICE_TASKS = 256;

/**
 * The answers of one job whose numbers count as the same where they are close. Being close is not transitive, so it is
 * said what an output is compared with: the first output of each answer that its task has, in the order in which they
 * came; it stands for the first of them that it is close to, and else for an answer of its own.
 */
export class CloseAnswers {
  readonly #archive: ResultsArchive;
  readonly #job: StoredJob;
  readonly #tolerance: Tolerance;
  readonly #answers: ReportAnswers;
  /** Tasks that have an output, held or accepted, in memory or not. */
  readonly #answered: IndexSet;
  readonly #kept = new Map<number, readonly Known[]>();
  #keptBytes = 0;
  /** By which answer an output was accepted, where it may have another by itself. */
  readonly #acceptedAs = new Map<number, AnswerDigest>();

  /** `answered`: the tasks that had an output when the hub took the job up. */
  constructor(archive: ResultsArchive, job: StoredJob, tolerance: Tolerance, answers: ReportAnswers, answered: IndexRanges) {
    this.#archive = archive;
    this.#job = job;
    this.#tolerance = tolerance;
    this.#answers = answers;
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
      // An answer that is new is the output's own.
      if (known !== undefined && !known.some((one) => one.answer === answer)) this.#keep(index, [...known, { answer, output: copyOf(output), alone: true }]);
    }
    this.#trim();
  }

  /** … are accepted as they came. */
  accept(ranges: IndexRanges, reported: ReportedOutputs, answers: readonly AnswerDigest[]): void {
    for (const { index, position, output } of outputsOf(reported, ranges)) {
      const answer = answers[position] ?? "";
      const alone = this.#answered.add(index, index + 1) === 1;
      if (!alone) this.#acceptedAs.set(index, answer);
      this.#keep(index, [{ answer, output: copyOf(output), alone }]);
    }
    this.#trim();
  }

  acceptHeld(accepted: readonly AcceptedAnswer[]): void {
    for (const { index, answer } of accepted) {
      const known = this.#kept.get(index)?.filter((one) => one.answer === answer);
      if (known?.[0]?.alone !== true) this.#acceptedAs.set(index, answer);
      if (known !== undefined) this.#keep(index, known);
    }
  }

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
    const encoded = output instanceof Uint8Array ? output : output.bytes > VERIFICATION_LIMITS.comparedBytes ? undefined : await this.#archive.blob(output.blobId);
    if (encoded === undefined || encoded.byteLength > VERIFICATION_LIMITS.comparedBytes || !isWellFormedValue(encoded)) return undefined;
    try {
      return decodeValue(encoded);
    } catch {
      return undefined; // a hostile tab's: it is close to nothing
    }
  }

  /** Brings the outputs of answered tasks into memory. */
  async #load(range: IndexRange): Promise<void> {
    const missing = this.#missing(range);
    if (missing === null) return;
    const found = new Map<number, Known[]>();
    for (const { index, answer, value } of await this.#archive.heldOutputs(this.#job.jobId, missing)) {
      const known = found.get(index) ?? [];
      if (!known.some((one) => one.answer === answer)) found.set(index, [...known, { answer, output: value, alone: false }]);
    }
    for (const [index, output] of await this.#results(missing)) {
      found.set(index, [{ answer: this.#acceptedAs.get(index) ?? await this.#alone(output), output, alone: false }]);
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

  async #results(range: IndexRange): Promise<Map<number, Output>> {
    const outputs = new Map<number, Output>();
    for await (const stored of resultChunks(this.#archive, this.#job.jobId, range)) {
      const chunk = new OpenChunk(stored);
      for (let index = chunk.range[0]; index < chunk.range[1]; index++) {
        const output = chunk.at(index);
        if (output !== undefined) outputs.set(index, output instanceof Uint8Array ? output.slice() : output);
      }
    }
    return outputs;
  }

  async #alone(output: Output): Promise<AnswerDigest> {
    if (output instanceof Uint8Array) return this.#answers.ofValue(this.#job, output);
    return (await this.#answers.large(this.#job, [output])).get(output.index) ?? "";
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

/** Without the frame that it came in. */
function copyOf(output: Output): Output {
  return output instanceof Uint8Array ? output.slice() : output;
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
