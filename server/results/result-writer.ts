import type { OutputError } from "./output-error.ts";

/** Turns results, in the order in which they come, into the bytes of one format. */
export interface ResultWriter {
  /** Bytes, or characters, that `take` would give about now. */
  readonly pending: number;
  output(index: number, encoded: Uint8Array): void;
  failure(index: number, error: OutputError): void;
  /** Nothing more comes. */
  end(): void;
  take(): Uint8Array;
}

const utf8 = new TextEncoder();

/** Text that is being written, handed out as UTF-8. */
export class TextBuffer {
  #text = "";

  get length(): number {
    return this.#text.length;
  }

  append(text: string): void {
    this.#text += text;
  }

  take(): Uint8Array {
    const bytes = utf8.encode(this.#text);
    this.#text = "";
    return bytes;
  }
}
