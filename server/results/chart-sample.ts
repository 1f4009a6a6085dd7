import { LIMITS } from "../../protocol/limits.ts";
import { PICTURE_LIMITS } from "../limits.ts";

/**
 * The outputs that a chart is drawn from: all of them, or every 2nd, 4th, 8th … by index where all are too many. Which
 * ones depends on nothing but the indexes, so a chart looks the same however results arrived.
 */
export class ChartSample {
  readonly #outputs = new Map<number, Uint8Array>();
  #stride = 1;
  #bytes = 0;

  constructor(tasks: number) {
    while (Math.ceil(tasks / this.#stride) > LIMITS.chartRows) this.#stride *= 2;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get stride(): number {
    return this.#stride;
  }

  wants(index: number): boolean {
    return index % this.#stride === 0;
  }

  /** Keeps a copy of one encoded output; of the same index, the latest. */
  add(index: number, encoded: Uint8Array): void {
    if (!this.wants(index)) return;
    this.#remove(index);
    this.#outputs.set(index, encoded.slice());
    this.#bytes += encoded.byteLength;
    while (this.#bytes > PICTURE_LIMITS.chartSampleBytes && this.#outputs.size > 0) this.#thin();
  }

  /** Everything kept, in index order. */
  sorted(): { readonly indexes: readonly number[]; readonly outputs: readonly Uint8Array[] } {
    const entries = [...this.#outputs].toSorted(([a], [b]) => a - b);
    return { indexes: entries.map(([index]) => index), outputs: entries.map(([, output]) => output) };
  }

  #thin(): void {
    this.#stride *= 2;
    for (const index of [...this.#outputs.keys()]) if (!this.wants(index)) this.#remove(index);
    // Only index 0 is left and is itself too much for a chart.
    if (this.#outputs.size === 1 && this.#bytes > PICTURE_LIMITS.chartSampleBytes) this.#remove(0);
  }

  #remove(index: number): void {
    const former = this.#outputs.get(index);
    if (former === undefined) return;
    this.#outputs.delete(index);
    this.#bytes -= former.byteLength;
  }
}
