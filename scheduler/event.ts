import type { Requirements } from "../protocol/http/job-options.ts";
import type { BatchId, ComputeServerId, ExecutableId, JobId, LoadBalancerId, Owner } from "../protocol/ids.ts";
import type { IndexRanges } from "../protocol/index-range.ts";
import type { TaskFailure } from "../protocol/up/outcomes.ts";
import type { PlacementName } from "./placement/policies.ts";
import type { AnswerDigest, HeldAnswer, Verification } from "./verification/verification.ts";

/** What the scheduler knows of a job: never its code, its inputs or its outputs. */
export interface JobSpec {
  readonly jobId: JobId;
  readonly owner: Owner;
  readonly executableId: ExecutableId;
  readonly tasks: number;
  readonly priority: number;
  readonly maxAttempts: number;
  readonly taskTimeoutMs: number;
  readonly createdAtMs: number;
  /** Which Compute Server gets its next batch; left out: by the scheduler's own policy. */
  readonly policy?: PlacementName | undefined;
  /** What a Compute Server must offer to run it; left out: nothing. */
  readonly requires?: Requirements | undefined;
  /** Which answer of a task is accepted; left out: the first. */
  readonly verification?: Verification | undefined;
  /** "same": the answers of one task come from one browser engine, in whatever version. */
  readonly engines?: "same" | undefined;
}

/** A job as the archive left it, taken up again after a restart. */
export interface RestoredJob extends JobSpec {
  readonly state: "queued" | "running" | "paused";
  readonly done: IndexRanges;
  readonly failed: readonly number[];
  /** Answers that were neither accepted nor dropped: they count again. */
  readonly held?: readonly HeldAnswer[];
}

/** Everything that can happen to the scheduler. Time comes beside it, as a parameter of `handle`. */
export type SchedulerEvent =
  | { readonly type: "load-balancer-registered"; readonly loadBalancerId: LoadBalancerId; readonly address: string; readonly leaseMs: number }
  | { readonly type: "load-balancer-renewed"; readonly loadBalancerId: LoadBalancerId }
  | { readonly type: "load-balancer-unregistered"; readonly loadBalancerId: LoadBalancerId }
  | {
      readonly type: "server-registered";
      readonly computeServerId: ComputeServerId;
      readonly name: string;
      readonly engine: string;
      readonly capabilities?: readonly string[];
      /** Left out or null: its browser does not tell. */
      readonly memoryMiB?: number | null;
      /** Whose it is: two answers of one volunteer are one opinion. Left out: nobody else's. */
      readonly volunteer?: string;
      /** Where it comes from: one address is taken for one opinion where there is a choice. Left out: from nowhere else. */
      readonly network?: string;
      /** The operator vouches for it: in credibility jobs its answers are accepted at once. */
      readonly vouched?: boolean;
      readonly slots: number;
      readonly leaseMs: number;
      /** Batches that a returning server says it still holds. */
      readonly holding: readonly BatchId[];
    }
  /** Any frame renews the lease. `slots` where the volunteer changed them. */
  | { readonly type: "server-renewed"; readonly computeServerId: ComputeServerId; readonly slots?: number }
  /** The link is gone; the lease goes on. */
  | { readonly type: "server-disconnected"; readonly computeServerId: ComputeServerId }
  | { readonly type: "server-unregistered"; readonly computeServerId: ComputeServerId }
  | {
      readonly type: "outcomes";
      readonly computeServerId: ComputeServerId;
      readonly batchId: BatchId;
      readonly jobId: JobId;
      readonly done: IndexRanges;
      /** One an index of `done`, in order: exactly for jobs whose verification is not `first`. */
      readonly answers?: readonly AnswerDigest[];
      readonly failures: readonly TaskFailure[];
      readonly busyMs: number;
    }
  | { readonly type: "released"; readonly computeServerId: ComputeServerId; readonly batchId: BatchId; readonly jobId: JobId; readonly ranges: IndexRanges }
  | { readonly type: "job-submitted"; readonly job: JobSpec }
  | { readonly type: "job-restored"; readonly job: RestoredJob }
  | { readonly type: "job-cancelled" | "job-paused" | "job-resumed"; readonly jobId: JobId }
  /** Runs the failed tasks again. A job that has ended `failed` is no more known here: it comes along as the archive left it. */
  | { readonly type: "job-retried"; readonly jobId: JobId; readonly ended?: RestoredJob }
  /** The hub stops: nothing is assigned from now on. */
  | { readonly type: "drain" }
  | { readonly type: "tick" };
