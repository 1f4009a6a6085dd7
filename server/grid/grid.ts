import type { ComputeServerId, JobId } from "../../protocol/ids.ts";
import type { IndexRanges } from "../../protocol/index-range.ts";
import type { JobSnapshot, LoadBalancerSnapshot, ServerSnapshot, TaskBucket } from "../../scheduler/snapshot.ts";
import type { StoredJob } from "../archive/archive.ts";

/** Something about a job that a viewer may see now, because it is on disk (results, state) or never will be (log, progress). */
export type JobChange =
  | { readonly type: "results"; readonly ranges: IndexRanges }
  | { readonly type: "failures" }
  | { readonly type: "state" }
  /** Nobody finds it any more. */
  | { readonly type: "removed" }
  | { readonly type: "log"; readonly index: number; readonly line: string };

export type JobListener = (jobId: JobId, change: JobChange) => void;

export interface GridPulseNumbers {
  readonly computeServers: number;
  readonly slots: number;
  readonly runningJobs: number;
  readonly tasksPerSecond: number;
  readonly tasksDone: number;
}

/** The running grid as HTTP, results and notifications see it: the scheduler with everything that it drives. */
export interface Grid {
  /** Takes up a job that is in the archive. Answers what the submitter should know at once, or null. */
  submit(job: StoredJob): string | null;
  /** Each throws GridError "not-found" or "conflict" (for example: pause of a job that has ended). */
  cancel(jobId: JobId): Promise<void>;
  pause(jobId: JobId): Promise<void>;
  resume(jobId: JobId): Promise<void>;
  retry(jobId: JobId): Promise<void>;
  /** Ends it where it has not ended, and removes it with all that it has. */
  remove(jobId: JobId): Promise<void>;
  /** Undefined where the job is not active: the archive knows the rest. */
  job(jobId: JobId): JobSnapshot | undefined;
  taskMap(jobId: JobId, buckets: number): readonly TaskBucket[] | undefined;
  /** Undefined where it is not registered. */
  computeServer(computeServerId: ComputeServerId): ServerSnapshot | undefined;
  computeServers(): readonly ServerSnapshot[];
  loadBalancers(): readonly LoadBalancerSnapshot[];
  pulse(): GridPulseNumbers;
  /** Calls the listener for every change of one job, or of all. Returns how to stop. */
  onChange(jobId: JobId | "all", listener: JobListener): () => void;
}
