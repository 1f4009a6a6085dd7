import type { JobId } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { Progress } from "../../protocol/up/progress.ts";

const EVERY_MS = 1_000;
/** Log lines of one Compute Server that wait for the next message. */
const WAITING_LINES = LIMITS.logLinesPerMessage;

/** Tells the hub once a second how far running tasks are and what they logged. What is too much is left out. */
export class ProgressSender {
  readonly #send: (message: Progress) => void;
  readonly #running = new Map<number, Progress["running"][number]>();
  #logs: Progress["logs"] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(send: (message: Progress) => void) {
    this.#send = send;
  }

  told(slot: number, jobId: JobId, index: number, fraction: number | null, lines: readonly string[]): void {
    if (fraction !== null) this.#running.set(slot, { jobId, index, fraction });
    for (const line of lines) if (this.#logs.length < WAITING_LINES) this.#logs.push({ jobId, index, line });
    if (this.#timer !== null || (this.#running.size === 0 && this.#logs.length === 0)) return;
    this.#timer = setTimeout(() => this.#flush(), EVERY_MS);
  }

  ended(slot: number): void {
    this.#running.delete(slot);
  }

  #flush(): void {
    this.#timer = null;
    const logs = this.#logs;
    const running = [...this.#running.values()];
    this.#logs = [];
    this.#running.clear();
    if (running.length > 0 || logs.length > 0) this.#send({ type: "progress", running, logs });
  }
}
