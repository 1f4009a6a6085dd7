import type { IndexRange } from "../../protocol/index-range.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { packValues } from "../../protocol/packed-values.ts";

const CHUNK_BYTES = 1024 * 1024;
const CHUNK_VALUES = 4_096;
const NOTHING = new Uint8Array(0);

/** Consecutive inputs, packed; the values too large to stand among them are beside them. */
export interface InputChunk {
  readonly range: IndexRange;
  readonly packed: Uint8Array<ArrayBuffer>;
  readonly large: readonly { readonly index: number; readonly value: Uint8Array<ArrayBuffer> }[];
}

/** Gathers encoded inputs into chunks of about 1 MiB or 4096 values. */
export class InputPacker {
  readonly chunks: InputChunk[] = [];
  #values: Uint8Array<ArrayBuffer>[] = [];
  #large: { index: number; value: Uint8Array<ArrayBuffer> }[] = [];
  #bytes = 0;
  #next = 0;
  #largestBytes = 0;

  /** Of one value. */
  get largestBytes(): number {
    return this.#largestBytes;
  }

  add(value: Uint8Array<ArrayBuffer>): void {
    this.#largestBytes = Math.max(this.#largestBytes, value.byteLength);
    if (value.byteLength > LIMITS.inlinePayloadBytes) {
      this.#large.push({ index: this.#next, value });
      this.#values.push(NOTHING);
    } else {
      this.#values.push(value);
      this.#bytes += value.byteLength;
    }
    this.#next += 1;
    if (this.#values.length === CHUNK_VALUES || this.#bytes >= CHUNK_BYTES) this.#flush();
  }

  /** How many were added. Closes the last chunk. */
  finish(): number {
    if (this.#values.length > 0) this.#flush();
    return this.#next;
  }

  #flush(): void {
    this.chunks.push({ range: [this.#next - this.#values.length, this.#next], packed: packValues(this.#values), large: this.#large });
    this.#values = [];
    this.#large = [];
    this.#bytes = 0;
  }
}
