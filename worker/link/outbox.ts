import type { BatchId } from "../../protocol/ids.ts";

/** Results that the hub has not acknowledged, kept at most; past it slots wait for the hub. */
const OUTBOX_BYTES = 64 * 1024 * 1024;

interface Kept {
  readonly sequence: number;
  readonly batchIds: readonly BatchId[];
  readonly frame: Uint8Array<ArrayBuffer>;
}

/** Messages of outcomes in the order of their sequence, until the hub has them on disk. */
export class Outbox {
  readonly #kept: Kept[] = [];
  #next: number;
  #bytes = 0;

  /** `firstSequence` must be past any that this Compute Server ever used. */
  constructor(firstSequence: number) {
    this.#next = firstSequence;
  }

  get size(): number {
    return this.#kept.length;
  }

  get isFull(): boolean {
    return this.#bytes >= OUTBOX_BYTES;
  }

  /** Keeps what `encode` makes for the next sequence, about these batches; answers the frame. */
  add(batchIds: readonly BatchId[], encode: (sequence: number) => Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const frame = encode(this.#next);
    this.#kept.push({ sequence: this.#next, batchIds, frame });
    this.#next++;
    this.#bytes += frame.byteLength;
    return frame;
  }

  acknowledge(upTo: number): void {
    let gone = 0;
    for (const { sequence, frame } of this.#kept) {
      if (sequence > upTo) break;
      this.#bytes -= frame.byteLength;
      gone++;
    }
    this.#kept.splice(0, gone);
  }

  /** The frames to send again after a reconnect, in order. */
  frames(): readonly Uint8Array<ArrayBuffer>[] {
    return this.#kept.map(({ frame }) => frame);
  }

  /** Batches that the hub shall not give to others, because what is finished of them is on its way. */
  batchIds(): BatchId[] {
    return this.#kept.flatMap(({ batchIds }) => batchIds);
  }

  clear(): void {
    this.#kept.length = 0;
    this.#bytes = 0;
  }
}
