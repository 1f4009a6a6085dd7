import type { JobRun } from "./job-run.ts";
import type { JobSnapshot } from "./snapshot.ts";
import { timeLeft } from "./time-left.ts";
import { waitingFor } from "./waiting.ts";

/** How a job stands at this moment: to be read at once, for what is costly to tell is found out when it is read. */
export function snapshotJob(job: JobRun, draining: boolean, nowMs: number): JobSnapshot {
  const running = job.inFlightCount;
  const pending = job.openCount;
  const paused = job.state.kind === "paused";
  const ratePerSecond = job.rate.perSecond(nowMs);
  const started = job.state.kind === "paused" ? job.state.resumeAs : job.state;
  return {
    jobId: job.spec.jobId,
    pending,
    running,
    done: job.done.count,
    failed: job.failed.count,
    provisional: job.provisionalCount,
    runs: job.verification?.runs ?? job.done.count,
    caughtServers: job.verification?.caughtCount ?? 0,
    ratePerSecond,
    get etaMs() { return paused ? null : timeLeft(job, nowMs); },
    get waitingFor() { return waitingFor(job, draining, nowMs); },
    startedAtMs: started.kind === "running" ? started.startedAtMs : null,
  };
}
