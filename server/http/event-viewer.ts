import type { Response } from "express";
import { STREAM_LIMITS } from "../limits.ts";
import type { JobLook } from "./job-view.ts";

/**
 * One reader of a job's events. A reader that is slow is never buffered for without bound: past the limit it is told
 * nothing more, and when it has caught up it is given the state as it is then.
 */
export class EventViewer {
  readonly look: JobLook;
  /** Whether this reader may still see the job. */
  readonly mayStay: () => Promise<boolean>;
  readonly #response: Response;
  readonly #abort = new AbortController();
  #phase: "catching-up" | "live" | "behind" = "catching-up";
  #queue: string[] = [];
  #queuedChars = 0;
  #lastJob = "";

  constructor(response: Response, look: JobLook, mayStay: () => Promise<boolean>) {
    this.#response = response;
    this.look = look;
    this.mayStay = mayStay;
    response.on("close", () => this.#abort.abort());
    // Who left before this was made will not close again.
    if (response.closed || response.destroyed) this.#abort.abort();
  }

  get closed(): AbortSignal {
    return this.#abort.signal;
  }

  /** What waits for the reader to read on. */
  get heldBackBytes(): number {
    return this.#response.writableLength;
  }

  /** Bytes that the reader's side has taken so far: unchanged between two looks, it does not read. */
  get takenBytes(): number {
    const socket = this.#response.socket;
    return socket === null ? 0 : socket.bytesWritten - socket.writableLength;
  }

  /**
   * Sends an event, or keeps it while the state is being sent, or drops it with all that follows where there is too much.
   * True: this reader fell behind just now and needs the state.
   */
  send(text: string): boolean {
    if (this.#phase === "live") {
      this.#response.write(text);
      if (this.#response.writableLength <= STREAM_LIMITS.readerBytes) return false;
      this.#phase = "behind";
      return true;
    }
    if (this.#phase === "catching-up") {
      this.#queue.push(text);
      this.#queuedChars += text.length;
      if (this.#queuedChars > STREAM_LIMITS.readerQueuedChars) this.#phase = "behind";
    }
    return false;
  }

  /** Sends the job where it differs from what this reader has seen. While the state is being sent, it will come later. */
  sendJob(id: string, json: string): boolean {
    if (this.#phase !== "live" || json === this.#lastJob) return false;
    this.#lastJob = json;
    return this.send(jobText(id, json));
  }

  /** Begins to send the state: what changes meanwhile is kept for the end. */
  beginState(): void {
    this.#phase = "catching-up";
    this.#queue = [];
    this.#queuedChars = 0;
  }

  /** Sends a piece of the state, as fast as the reader reads. */
  async writeState(text: string): Promise<void> {
    this.#response.write(text);
    await this.drained();
  }

  async writeStateJob(id: string, json: string): Promise<void> {
    this.#lastJob = json;
    await this.writeState(jobText(id, json));
  }

  /** Ends the state. False: so much changed meanwhile that it has to be sent anew. */
  async endState(): Promise<boolean> {
    await this.drained();
    if (this.#phase === "behind") return false;
    this.#phase = "live";
    const queue = this.#queue;
    this.#queue = [];
    return !queue.some((text) => this.send(text));
  }

  /** Settles once the reader took what was sent. */
  async drained(): Promise<void> {
    if (this.closed.aborted || this.#response.writableLength <= STREAM_LIMITS.readerBytes) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#response.off("drain", done);
        this.closed.removeEventListener("abort", done);
        resolve();
      };
      this.#response.on("drain", done);
      this.closed.addEventListener("abort", done);
    });
  }

  heartbeat(): void {
    if (this.#phase === "live") this.#response.write(": heartbeat\n\n");
  }

  end(): void {
    this.#response.end();
  }

  destroy(): void {
    this.#response.destroy();
  }
}

function jobText(id: string, json: string): string {
  return `id: ${id}\nevent: job\ndata: ${json}\n\n`;
}
