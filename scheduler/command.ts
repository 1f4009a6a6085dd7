import type { BatchId, ComputeServerId, ExecutableId, JobId, LoadBalancerId } from "../protocol/ids.ts";
import type { IndexRanges } from "../protocol/index-range.ts";
import type { JobState } from "../protocol/http/job.ts";
import type { AcceptedAnswer } from "./verification/verification.ts";

/** Everything that the scheduler asks its surroundings to do, in this order. */
export type Command =
  /** Registration is done. `drop`: of the batches a returning server holds, those that are no longer its own. */
  | { readonly type: "grant-lease"; readonly computeServerId: ComputeServerId; readonly leaseMs: number; readonly drop: readonly BatchId[] }
  | { readonly type: "grant-load-balancer-lease"; readonly loadBalancerId: LoadBalancerId; readonly leaseMs: number }
  /** The lease ran out: it is found no more. Close its link if there still is one. */
  | { readonly type: "expire-server"; readonly computeServerId: ComputeServerId }
  | { readonly type: "expire-load-balancer"; readonly loadBalancerId: LoadBalancerId }
  /** A job waits and no Load Balancer is registered: start one, or tell the submitter. Sent once until one registers. */
  | { readonly type: "start-load-balancer" }
  | {
      readonly type: "assign";
      readonly computeServerId: ComputeServerId;
      readonly batchId: BatchId;
      readonly jobId: JobId;
      readonly executableId: ExecutableId;
      readonly ranges: IndexRanges;
      readonly taskTimeoutMs: number;
    }
  | { readonly type: "revoke"; readonly computeServerId: ComputeServerId; readonly batchIds: readonly BatchId[]; readonly unstartedOnly: boolean; readonly reason: string }
  /** Answer to an `outcomes` event: of its `done`, keep these outputs. Whatever is not named was done before and is dropped. */
  | { readonly type: "accept"; readonly jobId: JobId; readonly ranges: IndexRanges }
  /** Answer to an `outcomes` event of a verified job: of its `done`, keep these outputs, durably, but show them to nobody yet. */
  | { readonly type: "hold"; readonly jobId: JobId; readonly computeServerId: ComputeServerId; readonly ranges: IndexRanges }
  /** At any time: what is held of each task with this answer is its result, whatever else is held of it is dropped. */
  | { readonly type: "accept-held"; readonly jobId: JobId; readonly accepted: readonly AcceptedAnswer[] }
  /** What this Compute Server held of these tasks is void. */
  | { readonly type: "drop-held"; readonly jobId: JobId; readonly computeServerId: ComputeServerId; readonly ranges: IndexRanges }
  /** Its answer to this task was wrong: it gets no more of the job. For statistics and the log. */
  | { readonly type: "server-caught"; readonly computeServerId: ComputeServerId; readonly jobId: JobId; readonly index: number }
  /** This task has failed for good. */
  | { readonly type: "record-failure"; readonly jobId: JobId; readonly index: number; readonly message: string; readonly stack: string; readonly attempts: number }
  /** These recorded failures are void: their tasks run again. */
  | { readonly type: "forget-failures"; readonly jobId: JobId }
  | { readonly type: "set-job-state"; readonly jobId: JobId; readonly state: JobState; readonly atMs: number };
