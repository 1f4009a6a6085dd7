import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { GridError } from "../../../protocol/grid-error.ts";
import type { ArchiveLogger } from "../disk-full.ts";
import { ARCHIVE_LIMITS } from "../../limits.ts";
import { operationBytes } from "./operation-bytes.ts";
import { gatherPayloads } from "./payload-arena.ts";
import type { Operation, Reply, Request, ThreadMessage } from "./thread-messages.ts";

type AnyReply = Reply<never>;
type Settle = { readonly bytes: number; resolve(reply: AnyReply): void; reject(error: Error): void };

/** Sends operations ahead of those that wait. */
export interface Turn {
  send(operation: Operation): Promise<AnyReply>;
  /** Settles when there is room for more bytes. */
  room(): Promise<void>;
}

/** This side of the thread that holds the database. Everything is done in the order of the calls, reads too. */
export class ArchiveThread {
  readonly #worker: Worker;
  readonly #onFatal: (error: Error) => void;
  readonly #unanswered = new Map<number, Settle>();
  /** What waits for its turn or for room, in the order of the calls. */
  readonly #waiting = new Set<() => void>();
  #outgoing: Request[] = [];
  #unwrittenBytes = 0;
  #lastId = 0;
  #turnTaken = false;
  #onRoom: (() => void) | undefined;
  /** Why nothing more is taken. */
  #end: Error | undefined;
  #failed = false;
  readonly #exited: Promise<void>;

  private constructor(worker: Worker, logger: ArchiveLogger, onFatal: (error: Error) => void) {
    this.#worker = worker;
    this.#onFatal = onFatal;
    worker.on("message", (message: ThreadMessage<never>) => {
      if (message.type === "replies") this.#settle(message.replies);
      else if (message.type === "disk-full") logger.warn(message.message);
      else if (message.type === "fatal") this.#fail(message.error);
    });
    worker.on("error", (error: unknown) => this.#fail(error));
    this.#exited = new Promise((resolve) => {
      worker.on("exit", (code) => {
        if (this.#end === undefined || this.#unanswered.size > 0) this.#fail(new Error(`its thread ended with code ${code}`));
        resolve();
      });
    });
  }

  /** Opens the database at `path`. Throws GridError "conflict" or "unavailable", whose message says why. */
  static async open(path: string, logger: ArchiveLogger, onFatal: (error: Error) => void): Promise<ArchiveThread> {
    // From source the thread's file is TypeScript, in the published package JavaScript.
    const file = new URL(`./sqlite-thread${extname(new URL(import.meta.url).pathname)}`, import.meta.url);
    const worker = new Worker(file, {
      workerData: { path },
      name: "archive",
      // node:sqlite says on every start that it is experimental; the version is pinned and the contract suite is its test.
      execArgv: ["--disable-warning=ExperimentalWarning"],
    });
    await new Promise<void>((resolve, reject) => {
      worker.once("error", reject);
      worker.once("message", (message: ThreadMessage) => {
        worker.off("error", reject);
        if (message.type === "not-opened") reject(new GridError(message.kind, message.message));
        else resolve();
      });
    });
    return new ArchiveThread(worker, logger, onFatal);
  }

  /** Settles when the operation, and every earlier one, is on disk. */
  run(operation: Operation): Promise<AnyReply> {
    return new Promise((resolve, reject) => {
      this.#inOrder(() => this.#send(operation, resolve, reject));
    });
  }

  /** Keeps later operations waiting until the task has sent all of its own. */
  takeTurn<T>(task: (turn: Turn) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#inOrder(() => {
        this.#turnTaken = true;
        const turn: Turn = {
          send: (operation) => new Promise((sent, refused) => this.#send(operation, sent, refused)),
          room: () => this.#room(),
        };
        void task(turn).then(resolve, reject).finally(() => {
          this.#turnTaken = false;
          this.#advance();
        });
      });
    });
  }

  /** Does what was asked for before, then ends the thread. */
  async close(): Promise<void> {
    const closed = this.run({ type: "close" });
    this.#inOrder(() => { this.#end = new GridError("unavailable", "Cannot use the archive: it is closed"); });
    await closed;
    await this.#exited;
  }

  #inOrder(start: () => void): void {
    this.#waiting.add(start);
    if (this.#waiting.size === 1) this.#advance();
  }

  #advance(): void {
    for (const start of this.#waiting) {
      if (this.#end === undefined && (this.#turnTaken || this.#unwrittenBytes >= ARCHIVE_LIMITS.unwrittenBytes)) return;
      this.#waiting.delete(start);
      start();
    }
  }

  #send(operation: Operation, resolve: (reply: AnyReply) => void, reject: (error: Error) => void): void {
    if (this.#end !== undefined) return reject(this.#end);
    const id = ++this.#lastId;
    const bytes = operationBytes(operation);
    this.#unwrittenBytes += bytes;
    this.#unanswered.set(id, { bytes, resolve, reject });
    this.#outgoing.push({ id, operation });
    if (this.#outgoing.length === 1) queueMicrotask(() => this.#post());
  }

  #post(): void {
    const { requests, buffer } = gatherPayloads(this.#outgoing);
    this.#outgoing = [];
    this.#worker.postMessage(requests, [buffer]);
  }

  #settle(replies: readonly { readonly id: number; readonly reply: AnyReply }[]): void {
    for (const { id, reply } of replies) {
      const settle = this.#unanswered.get(id);
      if (settle === undefined) continue;
      this.#unanswered.delete(id);
      this.#unwrittenBytes -= settle.bytes;
      settle.resolve(reply);
    }
    this.#giveRoom();
    this.#advance();
  }

  #room(): Promise<void> {
    if (this.#end !== undefined || this.#unwrittenBytes < ARCHIVE_LIMITS.unwrittenBytes) return Promise.resolve();
    return new Promise((resolve) => { this.#onRoom = resolve; });
  }

  #giveRoom(): void {
    if (this.#end === undefined && this.#unwrittenBytes >= ARCHIVE_LIMITS.unwrittenBytes) return;
    this.#onRoom?.();
    this.#onRoom = undefined;
  }

  #fail(cause: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    const why = cause instanceof Error ? cause.message : String(cause);
    const error = new GridError("unavailable", `Cannot use the archive: it has failed: ${why}. Start the hub again: it takes up what is on disk.`, { cause });
    this.#end = error;
    for (const settle of this.#unanswered.values()) settle.reject(error);
    this.#unanswered.clear();
    this.#giveRoom();
    this.#advance();
    this.#onFatal(error);
  }
}
