import type { ComputeServer } from "./compute-server.ts";

/** The weight of the newest report in a measured task time. */
const NEWEST_WEIGHT = 0.3;

/** How long a job's tasks take on one Compute Server. */
export interface TaskProfile {
  /** Expected time of one task in a slot. */
  taskMs: number;
  /** The largest batch that was reported on: how far the measurement can be trusted. */
  largestBatch: number;
  /** False while only wall time was seen, because the tasks are too short for the tab's clock. */
  timed: boolean;
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
  readonly #profiles = new WeakMap<ComputeServer, TaskProfile>();
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
    const sampleMs = slotMs / report.tasks;
    const profile = this.#profiles.get(server);
    if (profile === undefined) {
      this.#profiles.set(server, { taskMs: sampleMs, largestBatch: report.batchTasks, timed });
    } else {
      // A first real measurement replaces what was only a bound.
      const weight = timed && !profile.timed ? 1 : NEWEST_WEIGHT;
      if (timed || !profile.timed) profile.taskMs += weight * (sampleMs - profile.taskMs);
      profile.largestBatch = Math.max(profile.largestBatch, report.batchTasks);
      profile.timed ||= timed;
    }
    this.#totalMs += slotMs;
    this.#tasks += report.tasks;
    const mean = this.meanTaskMs ?? 0;
    if (timed && sampleMs > 0 && mean > 0) server.statistics.measureSpeed(mean / sampleMs);
    return slotMs;
  }
}
