import { hash } from "node:crypto";
import type { BlobId } from "../../../protocol/ids.ts";
import type { LargeValues } from "../../../protocol/large-values.ts";
import type { PackedValues } from "../../../protocol/packed-values.ts";
import { isWellFormedValue } from "../../../protocol/value-check.ts";
import type { AnswerDigest } from "../../../scheduler/verification/verification.ts";
import type { ResultsArchive, StoredJob } from "../../archive/archive.ts";
import { VERIFICATION_LIMITS } from "../../limits.ts";
import type { ReportedOutputs } from "../results-manager.ts";
import { answerOf } from "./answer-digest.ts";
import { CanonicalBytes } from "./canonical-bytes.ts";
import { RecentMap } from "./recent-map.ts";

/** Tasks of a block: its bytes are hashed at once, and where they were seen before, so are its answers. */
const BLOCK_TASKS = 64;

/** Tells which answer each output stands for, by its canonical bytes. */
export class ReportAnswers {
  readonly #archive: ResultsArchive;
  readonly #canonical = new CanonicalBytes();
  readonly #blocks = new RecentMap<string, readonly AnswerDigest[]>(VERIFICATION_LIMITS.rememberedBlocks);
  readonly #blobs = new RecentMap<string, AnswerDigest>(VERIFICATION_LIMITS.rememberedBlobs);

  constructor(archive: ResultsArchive) {
    this.#archive = archive;
  }

  /** One answer an index of `done`, in order. */
  of(job: StoredJob, reported: ReportedOutputs, large: ReadonlyMap<number, AnswerDigest>): AnswerDigest[] {
    const answers: AnswerDigest[] = [];
    let position = 0;
    for (const [from, to] of reported.done) {
      for (let index = from; index < to;) {
        // Blocks begin where all reports of the job have them begin, so that a replica's are the same.
        const end = Math.min(to, index - (index % BLOCK_TASKS) + BLOCK_TASKS);
        const whole = end - index === BLOCK_TASKS && large.size === 0;
        const ofBlock = whole ? this.#ofBlock(job, reported.outputs, position, index) : this.#ofEach(job, reported.outputs, position, index, end, large);
        for (const answer of ofBlock) answers.push(answer);
        position += end - index;
        index = end;
      }
    }
    return answers;
  }

  /** The answers of outputs that are blobs, by index. */
  async large(job: StoredJob, large: LargeValues): Promise<Map<number, AnswerDigest>> {
    const answers = new Map<number, AnswerDigest>();
    for (const { index, blobId, bytes } of large) answers.set(index, await this.#ofBlob(job, blobId, bytes));
    return answers;
  }

  /** The answer that one encoded output stands for. */
  ofValue(job: StoredJob, encoded: Uint8Array): AnswerDigest {
    return answerOf(this.#canonical.of(encoded, job.verification.compare === "set"));
  }

  #ofBlock(job: StoredJob, outputs: PackedValues, position: number, index: number): readonly AnswerDigest[] {
    // Values tell where they end: what stands behind each other can be read in one way alone.
    const key = `${job.jobId} ${index} ${hash("sha256", outputs.between(position, position + BLOCK_TASKS), "base64")}`;
    const known = this.#blocks.get(key);
    if (known !== undefined) return known;
    const answers = this.#ofEach(job, outputs, position, index, index + BLOCK_TASKS, new Map());
    this.#blocks.set(key, answers);
    return answers;
  }

  #ofEach(job: StoredJob, outputs: PackedValues, position: number, from: number, to: number, large: ReadonlyMap<number, AnswerDigest>): AnswerDigest[] {
    const answers: AnswerDigest[] = [];
    for (let index = from; index < to; index++) answers.push(large.get(index) ?? this.ofValue(job, outputs.at(position + index - from)));
    return answers;
  }

  async #ofBlob(job: StoredJob, blobId: BlobId, bytes: number): Promise<AnswerDigest> {
    const key = `${job.verification.compare === "set" ? "set" : "exact"} ${blobId}`;
    const known = this.#blobs.get(key);
    if (known !== undefined) return known;
    // A tab says how long it is: look again at what is there.
    const encoded = bytes > VERIFICATION_LIMITS.comparedBytes ? undefined : await this.#archive.blob(blobId);
    // Its id is the SHA-256 of its bytes. Honest tabs spell alike.
    const answer = encoded === undefined || encoded.byteLength > VERIFICATION_LIMITS.comparedBytes || !isWellFormedValue(encoded) ? blobId.slice(0, 32) : this.ofValue(job, encoded);
    this.#blobs.set(key, answer);
    return answer;
  }
}
