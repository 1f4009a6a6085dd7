import type { IndexRange, IndexRanges } from "../../protocol/index-range.ts";
import type { ResultsArchive, StoredJob } from "../archive/archive.ts";
import type { Drawing } from "./drawing.ts";
import { visitValues } from "./stored-values.ts";

/** Ranges remembered as not drawn yet; of more, the stretch between the first and the last is drawn again. */
const MAX_UNDRAWN_RANGES = 4_096;

/** A job's picture that follows its results: draws what was committed since it was last asked for, and nothing else. */
export class LivePicture {
  readonly job: StoredJob;
  readonly #archive: ResultsArchive;
  readonly #begin: () => Drawing;
  #drawing: Drawing | undefined;
  #undrawn: IndexRange[];

  constructor(archive: ResultsArchive, job: StoredJob, begin: () => Drawing) {
    this.job = job;
    this.#archive = archive;
    this.#begin = begin;
    this.#undrawn = [[0, job.tasks]];
  }

  get bytes(): number {
    return this.#drawing?.bytes ?? 0;
  }

  get skipped(): number {
    return this.#drawing?.skipped ?? 0;
  }

  get upToDate(): boolean {
    return this.#undrawn.length === 0;
  }

  /** These results were committed. */
  committed(ranges: IndexRanges): void {
    this.#undrawn.push(...ranges);
    if (this.#undrawn.length <= MAX_UNDRAWN_RANGES) return;
    const all = merged(this.#undrawn);
    this.#undrawn = [[all[0]?.[0] ?? 0, all.at(-1)?.[1] ?? this.job.tasks]];
  }

  /** Draws what is new and encodes the whole. Never called twice at once. */
  async render(purpose: "growing" | "final"): Promise<Uint8Array> {
    const drawing = (this.#drawing ??= this.#begin());
    const ranges = merged(this.#undrawn);
    this.#undrawn = [];
    try {
      for (const range of ranges) {
        await visitValues(this.#archive, this.job.jobId, range, (index) => drawing.wants(index), (index, encoded) => drawing.add(index, encoded));
      }
    } catch (error) {
      this.committed(ranges);
      throw error;
    }
    return drawing.render(purpose);
  }

  /** Gives the memory back; the archive has all that is needed to draw anew. */
  forget(): void {
    this.#drawing = undefined;
    this.#undrawn = [[0, this.job.tasks]];
  }
}

/** Ascending, with those that touch or overlap made one. */
function merged(ranges: IndexRanges): IndexRange[] {
  const ascending = ranges.toSorted(([a], [b]) => a - b);
  const result: IndexRange[] = [];
  for (const [from, to] of ascending) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1]) result[result.length - 1] = [last[0], Math.max(last[1], to)];
    else result.push([from, to]);
  }
  return result;
}
