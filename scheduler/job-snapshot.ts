import type { JobRun } from "./job-run.ts";
import type { JobSnapshot } from "./snapshot.ts";
import { timeLeft } from "./time-left.ts";
import { waitingFor } from "./waiting.ts";

/** How a job stands at this moment. */
export function snapshotJob(job: JobRun, draining: boolean, nowMs: number): JobSnapshot {
  const running = job.inFlightCount;
  const pending = job.waitingCount;
  const paused = job.state.kind === "paused";
  const ratePerSecond = job.rate.perSecond(nowMs);
  const started = job.state.kind === "paused" ? job.state.resumeAs : job.state;
  return {
    jobId: job.spec.jobId,
    pending,
    running,
    done: job.done.count,
    failed: job.failed.count,
    ratePerSecond,
    etaMs: paused ? null : timeLeft(job, nowMs),
    waitingFor: waitingFor(job, draining, nowMs),
    startedAtMs: started.kind === "running" ? started.startedAtMs : null,
  };
}
