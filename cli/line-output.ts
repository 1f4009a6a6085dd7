import { once } from "node:events";
import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";

/** Lines to a file, or to standard output; a slow reader slows the writer down. */
export class LineOutput {
  readonly #stream: Writable;
  readonly #isFile: boolean;
  #failure: Error | undefined;

  /** Without a file: standard output. */
  constructor(file: string | undefined) {
    this.#isFile = file !== undefined;
    this.#stream = file === undefined ? process.stdout : createWriteStream(file);
    // Kept for the next write: it is thrown to whoever writes, and not into the void.
    this.#stream.on("error", (error) => { this.#failure = error; });
  }

  /** Whether the reader went away, as `head` does when it has enough. */
  get closedByReader(): boolean {
    return this.#failure !== undefined && "code" in this.#failure && this.#failure.code === "EPIPE";
  }

  async write(line: string): Promise<void> {
    this.#check();
    if (!this.#stream.write(`${line}\n`)) await Promise.race([once(this.#stream, "drain"), once(this.#stream, "close")]);
    this.#check();
  }

  /** All lines are handed over to the system. */
  async end(): Promise<void> {
    if (this.#isFile) {
      this.#stream.end();
      await once(this.#stream, "close");
    }
    this.#check();
  }

  #check(): void {
    if (this.#failure !== undefined) throw new Error(`Cannot write results: ${this.#failure.message}`, { cause: this.#failure });
  }
}
