import type { VerificationOption } from "../../protocol/http/verification.ts";
import type { JobSpec } from "../../scheduler/event.ts";
import { isPlacementName } from "../../scheduler/placement/policies.ts";
import type { Verification } from "../../scheduler/verification/verification.ts";
import type { StoredJob } from "../archive/archive.ts";

/** A stored job as the scheduler knows it. */
export function jobSpec(job: StoredJob): JobSpec {
  const { jobId, owner, executableId, tasks, priority, maxAttempts, taskTimeoutMs, createdAtMs, policy, requires, verification } = job;
  return {
    jobId, owner, executableId, tasks, priority, maxAttempts, taskTimeoutMs, createdAtMs,
    // A policy that this version knows no more is as good as none.
    policy: policy !== null && isPlacementName(policy) ? policy : undefined,
    requires: requires ?? undefined,
    verification: schedulerVerification(verification.policy),
    engines: verification.engines === "same" ? "same" : undefined,
  };
}

function schedulerVerification(policy: VerificationOption): Verification {
  if (policy === "first") return { kind: "first" };
  if ("quorum" in policy) return { kind: "quorum", answers: policy.quorum };
  return { kind: "credibility", errorRate: policy.credibility.errorRate };
}
