import { LIMITS } from "../../protocol/limits.ts";
import { SeededRandom } from "./seeded-random.ts";
import type { FromSlot, RunOrder } from "./slot-messages.ts";

/** What a task gets beside its input. */
export interface TaskContext {
  readonly index: number;
  readonly jobId: string;
  /** Aborts when the task is not wanted any more; a task that does not look at it is stopped all the same. */
  readonly signal: AbortSignal;
  /** Tells how far the task is, 0..1. */
  readonly progress: (fraction: number) => void;
  readonly log: (...parts: unknown[]) => void;
  /** Like Math.random, seeded from job and index. */
  readonly random: () => number;
  readonly file: (name: string) => Promise<Uint8Array>;
}

/** Between two messages about logs and progress. */
const TELEMETRY_MS = 250;

/** The running task of a slot, as job code reaches it: its context, Math.random and the console. */
export class TaskScope {
  readonly #post: (message: FromSlot) => void;
  readonly #now: () => number;
  readonly #random: SeededRandom;
  readonly #Context: new (index: number) => TaskContext;
  #run = 0;
  #position = 0;
  #index = 0;
  #seeded = false;
  #linesLeft = 0;
  #abort: AbortController | null = null;
  #logs: string[] = [];
  #fraction: number | null = null;
  #toldAt = -Infinity;

  constructor(jobId: string, post: (message: FromSlot) => void, now: () => number) {
    this.#post = post;
    this.#now = now;
    this.#random = new SeededRandom(jobId);
    this.#Context = this.#contextClass(jobId);
  }

  /** Puts Math.random and the console of this realm under the running task. */
  install(scope: object): void {
    Math.random = this.random;
    const log = this.log;
    const console = { log, info: log, warn: log, error: log, debug: log, trace: log };
    Reflect.defineProperty(scope, "console", { value: console, writable: true, configurable: true });
  }

  begin({ run, logLines }: Pick<RunOrder, "run" | "logLines">, position: number, index: number): TaskContext {
    this.#run = run;
    this.#linesLeft = logLines;
    this.#position = position;
    this.#index = index;
    this.#seeded = false;
    return new this.#Context(index);
  }

  end(): void {
    this.#fraction = null;
  }

  /** Ends a run: its signal is no longer anyone's. */
  endRun(): void {
    this.tell();
    this.#abort = null;
  }

  cancel(): void {
    this.#abort ??= new AbortController();
    this.#abort.abort(new Error("The task is not wanted any more"));
  }

  /** Sends what was logged and not yet told. */
  tell(): void {
    if (this.#logs.length === 0 && this.#fraction === null) return;
    this.#toldAt = this.#now();
    this.#post({ type: "telemetry", run: this.#run, position: this.#position, fraction: this.#fraction, logs: this.#logs });
    this.#logs = [];
  }

  // Arrow functions, so that a task may take its context apart: ({ random, log }) => …

  readonly random = (): number => {
    if (!this.#seeded) {
      this.#random.reseed(this.#index);
      this.#seeded = true;
    }
    return this.#random.next();
  };

  readonly progress = (fraction: number): void => {
    const bounded = Math.min(1, Math.max(0, fraction));
    this.#fraction = Number.isNaN(bounded) ? 0 : bounded;
    if (this.#now() - this.#toldAt >= TELEMETRY_MS) this.tell();
  };

  readonly log = (...parts: unknown[]): void => {
    if (this.#linesLeft <= 0) return;
    if (--this.#linesLeft === 0) parts = ["… this was the last line that one task of the job may log:", ...parts];
    if (this.#logs.length >= LIMITS.logLinesPerMessage) this.#logs[LIMITS.logLinesPerMessage - 1] = "… further lines of this moment were left out";
    else this.#logs.push(parts.map(words).join(" ").slice(0, LIMITS.logLineChars));
    if (this.#now() - this.#toldAt >= TELEMETRY_MS) this.tell();
  };

  readonly file = (name: string): Promise<Uint8Array> =>
    Promise.reject(new Error(`Cannot open the file "${name}": jobs carry no files in this version. Put its contents into the inputs or the module.`));

  /** A class of this scope's own: making a context then costs nothing but its index, a million times a second. */
  #contextClass(jobId: string): new (index: number) => TaskContext {
    const { progress, log, random, file } = this;
    const signal = () => this.#signal();
    return class implements TaskContext {
      readonly index: number;
      constructor(index: number) {
        this.index = index;
      }
      get jobId() { return jobId; }
      get signal() { return signal(); }
      get progress() { return progress; }
      get log() { return log; }
      get random() { return random; }
      get file() { return file; }
    };
  }

  #signal(): AbortSignal {
    this.#abort ??= new AbortController();
    return this.#abort.signal;
  }
}

function words(part: unknown): string {
  if (typeof part === "string") return part;
  if (part instanceof Error) return `${part.name}: ${part.message}`;
  if (typeof part !== "object" || part === null) return String(part);
  try {
    return JSON.stringify(part);
  } catch {
    return Object.prototype.toString.call(part); // part of itself, or with a bigint inside
  }
}
