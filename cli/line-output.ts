import { once } from "node:events";
import { open } from "node:fs/promises";
import type { Writable } from "node:stream";

/** Lines to a file, or to standard output; a slow reader slows the writer down. */
export class LineOutput {
  readonly #stream: Writable;
  readonly #isFile: boolean;
  #failure: Error | undefined;
  #onWritable: () => void = () => undefined;

  private constructor(stream: Writable, isFile: boolean) {
    this.#stream = stream;
    this.#isFile = isFile;
    // Kept for the next write: it is thrown to whoever writes, and not into the void.
    this.#stream.on("error", (error) => {
      this.#failure = error;
      this.#onWritable();
    });
    this.#stream.on("drain", () => this.#onWritable());
  }

  /** Without a file: standard output. Throws Error where the file cannot be written. */
  static async open(file: string | undefined): Promise<LineOutput> {
    if (file === undefined) return new LineOutput(process.stdout, false);
    const handle = await open(file, "w").catch((error: unknown) => {
      throw new Error(`Cannot write results to ${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    });
    return new LineOutput(handle.createWriteStream(), true);
  }

  /** Whether the reader went away, as `head` does when it has enough. */
  get closedByReader(): boolean {
    return this.#failure !== undefined && "code" in this.#failure && this.#failure.code === "EPIPE";
  }

  async write(line: string): Promise<void> {
    this.#check();
    if (!this.#stream.write(`${line}\n`)) await new Promise<void>((resolve) => { this.#onWritable = resolve; });
    this.#check();
  }

  /** All lines are handed over to the system. */
  async end(): Promise<void> {
    if (this.#isFile) {
      this.#stream.end();
      if (!this.#stream.closed) await once(this.#stream, "close");
    }
    this.#check();
  }

  #check(): void {
    if (this.#failure !== undefined) throw new Error(`Cannot write results: ${this.#failure.message}`, { cause: this.#failure });
  }
}
