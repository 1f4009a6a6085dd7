import { GridError } from "../../protocol/grid-error.ts";
import { ValueEncoder } from "../../protocol/value-encoder.ts";
import type { Value } from "../../protocol/value.ts";
import { indexesOf } from "../batch-positions.ts";
import { DutyCycle } from "./duty-cycle.ts";
import type { FailureText } from "./failure-text.ts";
import { inputReader } from "./run-inputs.ts";
import { RunPace, TaskTime } from "./run-pace.ts";
import { RunReport } from "./run-report.ts";
import { FLUSH_MS, MAX_REST_MS, type FromSlot, type RunOrder } from "./slot-messages.ts";
import type { TaskContext, TaskScope } from "./task-scope.ts";

export type TaskFunction = (input: Value, task: TaskContext) => unknown;

/** What the runner needs of its realm, taken before job code came into it. */
export interface SlotRealm {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Calls back every `ms` while the event loop is free, that is while a task waits; answers how to stop. */
  readonly every: (ms: number, callback: () => void) => () => void;
  readonly post: (message: FromSlot, transfer?: Transferable[]) => void;
  readonly failureText: (thrown: unknown) => FailureText;
}

/** Runs one order after the other in this slot. */
export class TaskRunner {
  readonly #task: TaskFunction;
  readonly #scope: TaskScope;
  readonly #realm: SlotRealm;
  readonly #encoder = new ValueEncoder();
  readonly #taskTime = new TaskTime();
  readonly #duty = new DutyCycle(MAX_REST_MS);
  #cancelled = -1;

  constructor(task: TaskFunction, scope: TaskScope, realm: SlotRealm) {
    this.#task = task;
    this.#scope = scope;
    this.#realm = realm;
  }

  /** Ends this run before its next task, and tells the running one by its signal. */
  cancel(run: number): void {
    this.#cancelled = run;
    this.#scope.cancel();
  }

  /** Runs the tasks of the order: whatever a task does is an outcome. No message and no promise for one that is short and synchronous. */
  async run(order: RunOrder): Promise<void> {
    const inputAt = inputReader(order.inputs);
    const report = new RunReport(order.run, this.#realm.post);
    const pace = new RunPace(order, this.#realm, report, this.#taskTime, this.#duty);
    let position = 0;
    const stopTimer = this.#realm.every(FLUSH_MS, () => {
      if (position >= order.count) return;
      pace.idle(position);
      this.#scope.tell();
    });
    for (const index of indexesOf(order.ranges)) {
      if (pace.isDue(position)) {
        const restMs = pace.look(position);
        if (restMs > 0) await pace.rest(restMs);
        pace.announce(position);
      }
      const pending = this.#runOne(report, inputAt, order, position, index);
      if (pending !== null) await pending;
      position++;
      if (this.#cancelled === order.run) break;
    }
    stopTimer();
    const restMs = pace.look(position);
    if (restMs > 0) await pace.rest(restMs);
    this.#scope.endRun();
    report.flush(true);
  }

  /** Runs one task; a promise only where the task gave one. */
  #runOne(report: RunReport, inputAt: (position: number, index: number) => Value, order: RunOrder, position: number, index: number): Promise<void> | null {
    try {
      const output = this.#task(inputAt(position, index), this.#scope.begin(order, position, index));
      if (isThenable(output)) return this.#settle(report, output, order.outputBytes);
      this.#keep(report, output, order.outputBytes);
    } catch (error) {
      this.#fail(report, error);
    }
    this.#scope.end();
    return null;
  }

  async #settle(report: RunReport, output: PromiseLike<unknown>, maxBytes: number): Promise<void> {
    try {
      this.#keep(report, await output, maxBytes);
    } catch (error) {
      this.#fail(report, error);
    }
    this.#scope.end();
  }

  #keep(report: RunReport, output: unknown, maxBytes: number): void {
    let encoded: Uint8Array;
    try {
      encoded = this.#encoder.encode(output);
    } catch (error) {
      if (!(error instanceof GridError)) throw error; // a getter of the job's own
      report.failure("unsupported-value", error.message, "");
      return;
    }
    if (encoded.byteLength > maxBytes) report.failure("unsupported-value", `Cannot return this output: it is ${encoded.byteLength} bytes, the limit of this job is ${maxBytes}. Return less, or ask for more by limits.outputBytes.`, "");
    else report.output(encoded);
  }

  #fail(report: RunReport, error: unknown): void {
    const { message, stack } = this.#realm.failureText(error);
    report.failure("error", message, stack);
  }
}

function isThenable(output: unknown): output is PromiseLike<unknown> {
  return typeof output === "object" && output !== null && typeof Reflect.get(output, "then") === "function";
}
