import { setImmediate } from "node:timers/promises";
import type { JobId } from "../../protocol/ids.ts";
import type { IndexRange } from "../../protocol/index-range.ts";
import type { LargeValue } from "../../protocol/large-values.ts";
import { PackedValues } from "../../protocol/packed-values.ts";
import type { ResultsArchive, ValueChunk } from "../archive/archive.ts";

/** Chunks read at once: at most some 64 MiB, and far less where outputs are small. */
const CHUNKS_PER_PAGE = 16;
/** Work done on values before others get the event loop. */
const SLICE_MS = 8;

/** The stored chunks that touch the range, in index order, read page by page. */
export async function* resultChunks(archive: ResultsArchive, jobId: JobId, range: IndexRange): AsyncGenerator<ValueChunk> {
  let from = range[0];
  while (from < range[1]) {
    const page = await archive.results(jobId, [from, range[1]], CHUNKS_PER_PAGE);
    const last = page.at(-1);
    if (last === undefined) return;
    yield* page;
    from = last.range[1];
  }
}

/** One chunk, opened: its encoded values by index, and where the large ones are. */
export class OpenChunk {
  readonly range: IndexRange;
  readonly #values: PackedValues;
  readonly #large: ReadonlyMap<number, LargeValue>;

  constructor(chunk: ValueChunk) {
    this.range = chunk.range;
    this.#values = new PackedValues(chunk.packed);
    this.#large = new Map(chunk.large.map((value) => [value.index, value]));
  }

  /** The encoded value, or where its bytes are; undefined where the archive holds neither. */
  at(index: number): Uint8Array | LargeValue | undefined {
    const bytes = this.#values.at(index - this.range[0]);
    return bytes.byteLength > 0 ? bytes : this.#large.get(index);
  }
}

/** Gives others the event loop whenever a slice of time is used up. */
export class Slices {
  #sinceMs = performance.now();

  get usedUp(): boolean {
    return performance.now() - this.#sinceMs > SLICE_MS;
  }

  async rest(): Promise<void> {
    await setImmediate();
    this.#sinceMs = performance.now();
  }
}

/**
 * Shows `visit` the encoded value of every stored result in the range for whose index `wants` answers true, in index
 * order; undefined where its bytes are missing. Large values are read one at a time. Rests between slices of time.
 */
export async function visitValues(
  archive: ResultsArchive,
  jobId: JobId,
  range: IndexRange,
  wants: (index: number) => boolean,
  visit: (index: number, encoded: Uint8Array | undefined) => void,
): Promise<void> {
  const slices = new Slices();
  for await (const stored of resultChunks(archive, jobId, range)) {
    const chunk = new OpenChunk(stored);
    for (let index = chunk.range[0]; index < chunk.range[1]; index++) {
      if (!wants(index)) continue;
      const value = chunk.at(index);
      visit(index, value === undefined || value instanceof Uint8Array ? value : await archive.blob(value.blobId));
      if (slices.usedUp) await slices.rest();
    }
  }
}
