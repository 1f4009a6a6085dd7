import type { RunningTask } from "../host/compute-server-state.ts";
import type { RunOutcomes } from "../supervisor/slot-control.ts";
import { countIndexes } from "../../protocol/index-range.ts";

const HISTORY_SECONDS = 60;

/** What this Compute Server has done since its start, and what runs in its slots. */
export class Statistics {
  readonly #perSecond: number[] = Array.from({ length: HISTORY_SECONDS }, () => 0);
  readonly #running = new Map<number, RunningTask>();
  #second: number;
  #tasksDone = 0;
  #tasksFailed = 0;
  #timeGivenMs = 0;

  constructor(nowMs: number) {
    this.#second = Math.floor(nowMs / 1000);
  }

  get tasksDone(): number {
    return this.#tasksDone;
  }

  get tasksFailed(): number {
    return this.#tasksFailed;
  }

  get timeGivenMs(): number {
    return this.#timeGivenMs;
  }

  get running(): readonly RunningTask[] {
    return [...this.#running.values()].toSorted((a, b) => a.slot - b.slot);
  }

  count({ done, failures, busyMs }: Pick<RunOutcomes, "done" | "failures" | "busyMs">, nowMs: number): void {
    this.#roll(nowMs);
    const tasks = countIndexes(done);
    this.#tasksDone += tasks;
    this.#tasksFailed += failures.length;
    this.#timeGivenMs += busyMs;
    this.#perSecond[HISTORY_SECONDS - 1] = (this.#perSecond[HISTORY_SECONDS - 1] ?? 0) + tasks + failures.length;
  }

  /** Tasks finished in each of the last 60 seconds, oldest first. */
  history(nowMs: number): readonly number[] {
    this.#roll(nowMs);
    return [...this.#perSecond];
  }

  runs(task: RunningTask): void {
    this.#running.set(task.slot, task);
  }

  progressed(slot: number, index: number, fraction: number | null, nowMs: number): void {
    const task = this.#running.get(slot);
    if (task === undefined) return;
    const isSame = task.index === index;
    this.#running.set(slot, { ...task, index, fraction: fraction ?? (isSame ? task.fraction : null), sinceMs: isSame ? task.sinceMs : nowMs });
  }

  ended(slot: number): void {
    this.#running.delete(slot);
  }

  #roll(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    const passed = Math.min(HISTORY_SECONDS, Math.max(0, second - this.#second));
    this.#second = second;
    this.#perSecond.splice(0, passed);
    for (let i = 0; i < passed; i++) this.#perSecond.push(0);
  }
}
