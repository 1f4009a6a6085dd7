import type { ComputeServerId, JobId, LoadBalancerId } from "../protocol/ids.ts";

// What the scheduler tells of itself, for pages, metrics and diagnostics. Read on demand, never on the hot path.

export interface JobSnapshot {
  readonly jobId: JobId;
  readonly pending: number;
  readonly running: number;
  readonly done: number;
  readonly failed: number;
  /** Tasks with an answer that is not accepted yet; 0 where the first is. */
  readonly provisional: number;
  /** Answers that came in, of all tasks: over `done` they tell how often a task ran. */
  readonly runs: number;
  /** Compute Servers whose answers to this job were wrong. */
  readonly caughtServers: number;
  readonly ratePerSecond: number;
  /** Estimated time left; null while nothing is known. */
  readonly etaMs: number | null;
  /** Why it does not run at full speed, in words; null when it does. */
  readonly waitingFor: string | null;
  readonly startedAtMs: number | null;
}

/** How the tasks between two indexes stand. */
export interface TaskBucket {
  readonly from: number;
  readonly to: number;
  readonly done: number;
  readonly failed: number;
  readonly running: number;
}

export interface ServerStatistics {
  readonly tasksCompleted: number;
  readonly tasksFailed: number;
  /** Time that slots spent on tasks. */
  /** Its answers that were compared with those of others, and found right, or wrong. */
  readonly checksPassed: number;
  readonly checksFailed: number;
  readonly totalTimeMs: number;
  readonly lastCompletionAtMs: number | null;
  /** Relative to the mean of all; 1 where nothing is known. */
  readonly speed: number;
  readonly registeredAtMs: number;
}

export interface ServerSnapshot {
  readonly computeServerId: ComputeServerId;
  readonly name: string;
  readonly engine: string;
  readonly capabilities: readonly string[];
  readonly memoryMiB: number | null;
  readonly connected: boolean;
  /** Infinity: for ever. */
  readonly leaseLeftMs: number;
  readonly slots: number;
  readonly runningTasks: number;
  readonly queuedTasks: number;
  readonly jobId: JobId | null;
  /** Why a slot of it has no work, in words; null when all have. */
  readonly waitingFor: string | null;
  readonly statistics: ServerStatistics;
}

export interface LoadBalancerSnapshot {
  readonly loadBalancerId: LoadBalancerId;
  readonly address: string;
  readonly leaseLeftMs: number;
  readonly computeServers: number;
  readonly slots: number;
  readonly runningTasks: number;
  readonly jobs: number;
}
