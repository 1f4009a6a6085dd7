/** How long a whole job may take, from one task that was tried here. */
export interface Estimate {
  /** All tasks one after the other on one Slot like this one. */
  readonly oneSlotMs: number;
  /** Shared by all Slots of the grid; null while the grid has none. */
  readonly gridMs: number | null;
}

/** One task cannot be shared: a job takes no less than its longest task, here taken as the tried one. */
export function estimateJob(taskMs: number, tasks: number, slots: number): Estimate {
  return { oneSlotMs: taskMs * tasks, gridMs: slots > 0 ? taskMs * Math.ceil(tasks / slots) : null };
}
