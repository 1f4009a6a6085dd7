import type { ComputeServer } from "./compute-server.ts";

/** How fast a measured task time follows: slot time from longer ago counts little. */
const WINDOW_MS = 20_000;
/** One report, however long its tasks took, takes no more than this share from those before. */
const MAX_FORGOTTEN = 0.3;

/** How long a job's tasks take on one Compute Server. */
export interface TaskProfile {
  /** Expected time of one task in a slot. */
  readonly taskMs: number;
  /** The largest batch that was reported on: how far the measurement can be trusted. */
  readonly largestBatch: number;
  /** False while only wall time was seen, because the tasks are too short for the tab's clock. */
  readonly timed: boolean;
}

interface Measured extends TaskProfile {
  /** Lately. */
  readonly slotMs: number;
  readonly tasks: number;
}

interface TimingReport {
  readonly tasks: number;
  /** Slot time as the tab measured it; 0 where its clock is too coarse. */
  readonly busyMs: number;
  /** Since the hub handed the tasks out or heard of this batch last: an upper bound. */
  readonly wallMs: number;
  readonly batchTasks: number;
}

/** Measured task times of one job. Nothing is kept for a Compute Server that is gone. */
export class TaskTiming {
  readonly #profiles = new WeakMap<ComputeServer, Measured>();
  #totalMs = 0;
  #tasks = 0;

  profile(server: ComputeServer): TaskProfile | undefined {
    return this.#profiles.get(server);
  }

  /** Mean over all Compute Servers; undefined until something is measured. */
  get meanTaskMs(): number | undefined {
    return this.#tasks > 0 ? this.#totalMs / this.#tasks : undefined;
  }

  /** What one task is expected to take there, or undefined. */
  expectedTaskMs(server: ComputeServer): number | undefined {
    const measured = this.#profiles.get(server)?.taskMs;
    if (measured !== undefined) return measured;
    const mean = this.meanTaskMs;
    return mean === undefined ? undefined : mean / server.statistics.speed;
  }

  /** Takes a report in. Returns the slot time that it stands for. */
  measure(server: ComputeServer, report: TimingReport): number {
    const timed = report.busyMs > 0;
    const slotMs = timed ? report.busyMs : report.wallMs;
    this.#profiles.set(server, follow(this.#profiles.get(server), report, slotMs, timed));
    this.#totalMs += slotMs;
    this.#tasks += report.tasks;
    const mean = this.meanTaskMs ?? 0;
    if (timed && mean > 0) server.statistics.measureSpeed(report.tasks * mean, slotMs);
    return slotMs;
  }
}

function follow(before: Measured | undefined, { tasks, batchTasks }: TimingReport, slotMs: number, timed: boolean): Measured {
  const largestBatch = Math.max(before?.largestBatch ?? 0, batchTasks);
  // A first real measurement replaces what was only a bound, and no bound replaces one.
  if (before?.timed === true && !timed) return { ...before, largestBatch };
  const isFirst = before === undefined || before.timed !== timed;
  const kept = isFirst ? 0 : 1 - Math.min(MAX_FORGOTTEN, slotMs / WINDOW_MS);
  const allMs = kept * (before?.slotMs ?? 0) + slotMs;
  const allTasks = kept * (before?.tasks ?? 0) + tasks;
  return { taskMs: allMs / allTasks, largestBatch, timed, slotMs: allMs, tasks: allTasks };
}
