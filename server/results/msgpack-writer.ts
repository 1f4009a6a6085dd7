import { isWellFormedValue } from "../../protocol/value-check.ts";
import { encodeValue } from "../../protocol/value.ts";
import { unreadableOutput, type OutputError } from "./output-error.ts";
import type { ResultWriter } from "./result-writer.ts";

const ARRAY_OF_2 = 0x92;
const FIRST_BYTES = 64 * 1024;

/**
 * Writes one MessagePack array after another: `[index, output]`, with the bytes of the output as its Compute Server
 * sent them, or `[index, null, { message, stack }]`.
 */
export class MsgpackWriter implements ResultWriter {
  #bytes = new Uint8Array(FIRST_BYTES);
  #at = 0;

  get pending(): number {
    return this.#at;
  }

  output(index: number, encoded: Uint8Array): void {
    if (!isWellFormedValue(encoded)) return this.failure(index, unreadableOutput("it is not one MessagePack value"));
    this.#room(1 + 5 + encoded.byteLength);
    this.#bytes[this.#at++] = ARRAY_OF_2;
    this.#index(index);
    this.#append(encoded);
  }

  failure(index: number, error: OutputError): void {
    const { message, stack } = error;
    this.#append(encodeValue([index, null, { message, stack }]));
  }

  end(): void {
    // Arrays follow each other without a frame around them: there is nothing to close.
  }

  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#at);
    this.#at = 0;
    if (this.#bytes.byteLength > 16 * FIRST_BYTES) this.#bytes = new Uint8Array(FIRST_BYTES);
    return taken;
  }

  #index(index: number): void {
    const bytes = this.#bytes;
    if (index < 0x80) {
      bytes[this.#at++] = index;
      return;
    }
    bytes[this.#at] = 0xce;
    bytes[this.#at + 1] = index >>> 24;
    bytes[this.#at + 2] = index >>> 16;
    bytes[this.#at + 3] = index >>> 8;
    bytes[this.#at + 4] = index;
    this.#at += 5;
  }

  #append(more: Uint8Array): void {
    this.#room(more.byteLength);
    if (more.byteLength < 16) for (let i = 0; i < more.byteLength; i++) this.#bytes[this.#at + i] = more[i] ?? 0;
    else this.#bytes.set(more, this.#at);
    this.#at += more.byteLength;
  }

  #room(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#bytes.byteLength) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.byteLength));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
  }
}
