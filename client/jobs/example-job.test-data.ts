import { jobSchema, type Job } from "../../protocol/http/job.ts";
import { FIRST_ANSWER } from "../../protocol/http/verification.ts";

/** A running job of a thousand tasks, with what a test wants different. */
export function exampleJob(different: Partial<Job> = {}): Job {
  const job = jobSchema.parse({
    jobId: "job-example-1",
    name: "Collatz records",
    owner: "ada",
    state: "running",
    tasks: { total: 1_000, pending: 590, running: 8, done: 400, failed: 2 },
    ratePerSecond: 40,
    etaMs: 15_000,
    waitingFor: null,
    failures: [],
    createdAt: 1_700_000_000_000,
    startedAt: 1_700_000_001_000,
    endedAt: null,
    url: "/jobs/job-example-1",
    resultUrl: "/results/job-example-1",
    pictureUrl: null,
    executableId: "a".repeat(64),
    executableUrl: `/api/executables/${"a".repeat(64)}`,
    view: null,
    tags: [],
    public: true,
    visibility: "public",
    maySteer: true,
    notify: null,
    options: { priority: 0, maxAttempts: 3, taskTimeoutMs: 60_000, policy: null, requires: null },
    verification: { ...FIRST_ANSWER, provisional: 0, workFactor: null, caughtServers: 0 },
  });
  return { ...job, ...different };
}
