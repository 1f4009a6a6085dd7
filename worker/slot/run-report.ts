import { packValues } from "../../protocol/packed-values.ts";
import type { FailureKind } from "../../protocol/up/outcomes.ts";
import { FLUSH_BYTES, FLUSH_FAILURES, FLUSH_TASKS, type FromSlot, type PositionFailure } from "./slot-messages.ts";

/** Gathers the outcomes of a run and posts them, many in one message. */
export class RunReport {
  readonly #run: number;
  readonly #post: (message: FromSlot, transfer?: Transferable[]) => void;
  #from = 0;
  #outputs: Uint8Array[] = [];
  #outputBytes = 0;
  #failures: PositionFailure[] = [];
  #busyMs = 0;

  constructor(run: number, post: (message: FromSlot, transfer?: Transferable[]) => void) {
    this.#run = run;
    this.#post = post;
  }

  get position(): number {
    return this.#from + this.#outputs.length + this.#failures.length;
  }

  get isFull(): boolean {
    return this.#outputBytes >= FLUSH_BYTES || this.#failures.length >= FLUSH_FAILURES || this.#outputs.length + this.#failures.length >= FLUSH_TASKS;
  }

  output(encoded: Uint8Array): void {
    this.#outputs.push(encoded);
    this.#outputBytes += encoded.byteLength;
  }

  failure(kind: FailureKind, message: string, stack: string): void {
    this.#failures.push({ position: this.position, kind, message, stack });
  }

  busy(ms: number): void {
    this.#busyMs += ms;
  }

  flush(ended: boolean): void {
    const from = this.#from;
    const count = this.position - from;
    if (count === 0 && !ended) return;
    const outputs = packValues(this.#outputs);
    const failures = this.#failures;
    const busyMs = this.#busyMs;
    this.#from += count;
    this.#outputs = [];
    this.#outputBytes = 0;
    this.#failures = [];
    this.#busyMs = 0;
    this.#post({ type: "results", run: this.#run, from, count, outputs, failures, busyMs, ended }, [outputs.buffer]);
  }
}
