import type { Assign } from "../../protocol/down/assign.ts";
import type { BatchId } from "../../protocol/ids.ts";
import { countIndexes, type IndexRange, type IndexRanges } from "../../protocol/index-range.ts";
import type { OutcomeReport } from "../../protocol/up/outcomes.ts";
import { cutRanges } from "../../worker/batch-positions.ts";
import { packIntegers } from "./packed-integers.ts";

export type SendReports = (reports: OutcomeReport[]) => void;

/** How a synthetic Compute Server runs tasks. */
export interface Slots {
  add(batch: Assign): void;
  /** Takes what was not begun out of a batch. */
  release(batchId: BatchId): { readonly batch: Assign; readonly ranges: IndexRanges } | undefined;
  drop(batchId: BatchId): void;
  clear(): void;
  /** From the first task's begin to the last one's end, since it was asked for last. */
  takeSpanMs(): number;
}

/** Tasks that take no time: a batch is answered as it comes, in reports of at most `reportTasks`. */
export class AtOnceSlots implements Slots {
  readonly #reportTasks: number;
  readonly #send: SendReports;

  constructor(reportTasks: number, send: SendReports) {
    this.#reportTasks = reportTasks;
    this.#send = send;
  }

  add(batch: Assign): void {
    const tasks = countIndexes(batch.ranges);
    const reports: OutcomeReport[] = [];
    for (let from = 0; from < tasks; from += this.#reportTasks) {
      const startedAt = performance.now();
      const report = reportOf(batch, cutRanges(batch.ranges, from, Math.min(tasks, from + this.#reportTasks)));
      reports.push({ ...report, busyMs: performance.now() - startedAt });
    }
    this.#send(reports);
  }

  release(): undefined {
    return undefined; // nothing is ever waiting
  }

  drop(): void {}

  clear(): void {}

  takeSpanMs(): number {
    return 0;
  }
}

interface Queued {
  readonly batch: Assign;
  readonly waiting: number[];
}

/** Tasks that sleep: each slot runs one after the other. What ends in one turn of the event loop is reported in one message. */
export class SleepingSlots implements Slots {
  readonly #slots: number;
  readonly #taskMs: number;
  readonly #send: SendReports;
  readonly #queue = new Map<BatchId, Queued>();
  readonly #running = new Set<NodeJS.Timeout>();
  #reports: OutcomeReport[] = [];
  #firstBegan: number | null = null;
  #lastEnded = 0;

  constructor(slots: number, taskMs: number, send: SendReports) {
    this.#slots = slots;
    this.#taskMs = taskMs;
    this.#send = send;
  }

  add(batch: Assign): void {
    const waiting = batch.ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i));
    this.#queue.set(batch.batchId, { batch, waiting });
    this.#fill();
  }

  release(batchId: BatchId): { batch: Assign; ranges: IndexRanges } | undefined {
    const queued = this.#queue.get(batchId);
    if (queued === undefined) return undefined;
    this.#queue.delete(batchId);
    return { batch: queued.batch, ranges: queued.waiting.map((index): IndexRange => [index, index + 1]) };
  }

  drop(batchId: BatchId): void {
    this.#queue.delete(batchId);
  }

  clear(): void {
    for (const timer of this.#running) clearTimeout(timer);
    this.#running.clear();
    this.#queue.clear();
    this.#reports = [];
  }

  takeSpanMs(): number {
    const spanMs = this.#firstBegan === null ? 0 : this.#lastEnded - this.#firstBegan;
    this.#firstBegan = null;
    return spanMs;
  }

  #fill(): void {
    for (const [batchId, { batch, waiting }] of this.#queue) {
      while (this.#running.size < this.#slots) {
        const index = waiting.shift();
        if (index === undefined) break;
        this.#begin(batch, index);
      }
      if (waiting.length > 0) return;
      this.#queue.delete(batchId);
    }
  }

  #begin(batch: Assign, index: number): void {
    const startedAt = performance.now();
    this.#firstBegan ??= startedAt;
    const timer = setTimeout(() => {
      this.#lastEnded = performance.now();
      this.#running.delete(timer);
      if (this.#reports.length === 0) setImmediate(() => this.#flush());
      this.#reports.push({ ...reportOf(batch, [[index, index + 1]]), busyMs: this.#lastEnded - startedAt });
      this.#fill();
    }, this.#taskMs);
    this.#running.add(timer);
  }

  #flush(): void {
    const reports = this.#reports;
    this.#reports = [];
    if (reports.length > 0) this.#send(reports);
  }
}

function reportOf({ batchId, jobId, inputs }: Assign, ranges: readonly IndexRange[]): OutcomeReport {
  if (inputs.kind !== "range") throw new Error("Cannot run this job: a synthetic Compute Server takes numeric ranges alone");
  return { batchId, jobId, done: ranges.map(([from, to]) => [from, to]), outputs: packIntegers(ranges, inputs), large: [], failures: [], busyMs: 0 };
}
