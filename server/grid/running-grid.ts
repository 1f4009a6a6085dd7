import type { Logger } from "pino";
import { GridError } from "../../protocol/grid-error.ts";
import { ENDED_STATES } from "../../protocol/http/job.ts";
import type { ComputeServerId, JobId, LoadBalancerId } from "../../protocol/ids.ts";
import type { OutcomeReport } from "../../protocol/up/outcomes.ts";
import type { Command } from "../../scheduler/command.ts";
import type { RestoredJob, SchedulerEvent } from "../../scheduler/event.ts";
import type { Scheduler } from "../../scheduler/scheduler.ts";
import type { JobSnapshot, LoadBalancerSnapshot, ServerSnapshot, TaskBucket } from "../../scheduler/snapshot.ts";
import type { ResultsArchive, StoredJob } from "../archive/archive.ts";
import type { AssignedFiles } from "../compute-link/assigned-files.ts";
import type { ComputeLinks } from "../compute-link/compute-links.ts";
import type { Metrics } from "../metrics.ts";
import { LINK_LIMITS } from "../limits.ts";
import { assert } from "../assert.ts";
import { BatchSender } from "./batch-sender.ts";
import { HubClock } from "./hub-clock.ts";
import type { Grid, GridPulseNumbers, JobListener } from "./grid.ts";
import { JobChanges } from "./job-changes.ts";
import { jobSpec } from "./job-spec.ts";
import { VerifiedJobs } from "./verified-jobs.ts";
import type { AllowedPerTask } from "../limits.ts";
import { givenLimits } from "../execution/task-limits.ts";
import { checkedOutputs } from "../results/outcome-check.ts";
import { ResultsManager, type ReportedOutputs } from "../results/results-manager.ts";

const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface RunningGridParts {
  readonly scheduler: Scheduler;
  readonly archive: ResultsArchive;
  readonly links: ComputeLinks;
  readonly assignedFiles: AssignedFiles;
  /** What the operator allows one task. */
  readonly allowedPerTask: AllowedPerTask;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Called when jobs wait and no Load Balancer is registered. */
  readonly onLoadBalancerMissing: () => void;
  /** Called when a Load Balancer's lease ran out. */
  readonly onLoadBalancerExpired: (loadBalancerId: LoadBalancerId) => void;
  /** Called when a Compute Server's registration is granted. */
  readonly onLeaseGranted: (command: Extract<Command, { type: "grant-lease" }>) => void;
  readonly onLeaseExpired: (computeServerId: ComputeServerId) => void;
  /** Called when the archive refused what it must take: what is on disk is no longer what the scheduler believes. */
  readonly onFatal: (error: unknown) => void;
}

/**
 * The scheduler with its surroundings: turns what happens into events, and the scheduler's commands into messages,
 * writes and timers. It decides nothing by itself.
 */
export class RunningGrid implements Grid {
  readonly #parts: RunningGridParts;
  readonly #changes: JobChanges;
  readonly #results: ResultsManager;
  readonly #verified: VerifiedJobs;
  readonly #batches: BatchSender;
  readonly #clock = new HubClock();
  /** Active jobs: those that the scheduler knows. */
  readonly #jobs = new Map<JobId, StoredJob>();
  /** Retries of jobs that had ended, until they run: a second call is the same one. */
  readonly #retrying = new Map<JobId, Promise<void>>();
  /** Removed since the start: nothing of them is taken up again. */
  readonly #removed = new Set<JobId>();
  /** What happened while commands were being done. */
  readonly #happened: { readonly event: SchedulerEvent; readonly reported: ReportedOutputs | undefined }[] = [];
  #performing = false;
  #closed = false;
  #unwrittenBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = Infinity;

  constructor(parts: RunningGridParts) {
    this.#parts = parts;
    this.#changes = new JobChanges((error) => parts.logger.error({ err: error }, "a listener of job changes failed"));
    this.#results = new ResultsManager(parts.archive, (jobId, change) => this.#changes.publish(jobId, change), parts.metrics, parts.logger, parts.onFatal);
    this.#verified = new VerifiedJobs(parts.archive, this.#results, parts.logger);
    this.#batches = new BatchSender({ ...parts, activeJob: (jobId) => this.#jobs.get(jobId), dispatch: (event) => this.dispatch(event) });
  }

  /** Takes up every job that has not ended, as the archive left it (R1, R2). */
  async restore(): Promise<number> {
    const jobs = await this.#parts.archive.unfinishedJobs();
    for (const job of jobs) {
      const restored = await this.#restored(job);
      this.#begin(job, restored);
      this.dispatch({ type: "job-restored", job: restored });
    }
    return jobs.length;
  }

  submit(job: StoredJob): string | null {
    this.#begin(job);
    this.dispatch({ type: "job-submitted", job: jobSpec(job) });
    return !this.hasLoadBalancer ? (this.job(job.jobId)?.waitingFor ?? null) : null;
  }

  async cancel(jobId: JobId): Promise<void> {
    await this.#control(jobId, "job-cancelled", "cancel");
  }

  async pause(jobId: JobId): Promise<void> {
    await this.#control(jobId, "job-paused", "pause");
  }

  async resume(jobId: JobId): Promise<void> {
    await this.#control(jobId, "job-resumed", "resume");
  }

  async retry(jobId: JobId): Promise<void> {
    if (this.#jobs.has(jobId)) {
      this.dispatch({ type: "job-retried", jobId });
    } else {
      const retry = this.#retrying.get(jobId) ?? this.#retryEnded(jobId).finally(() => this.#retrying.delete(jobId));
      this.#retrying.set(jobId, retry);
      await retry;
    }
    await this.#results.written();
  }

  async remove(jobId: JobId): Promise<void> {
    for (let tries = 0; this.#jobs.has(jobId); tries++) {
      assert(tries < 1_000, "a job that was cancelled is taken up again and again");
      this.dispatch({ type: "job-cancelled", jobId });
      await this.#results.written();
    }
    // From here on a retry finds it here, and no write of it comes behind its removal.
    this.#removed.add(jobId);
    if (!await this.#parts.archive.removeJob(jobId)) throw new GridError("not-found", `Cannot remove job ${jobId}: there is no such job`);
    this.#changes.publish(jobId, { type: "removed" });
  }

  job(jobId: JobId): JobSnapshot | undefined {
    return this.#parts.scheduler.job(jobId, this.#clock.nowMs());
  }

  taskMap(jobId: JobId, buckets: number): readonly TaskBucket[] | undefined {
    return this.#parts.scheduler.taskMap(jobId, buckets);
  }

  computeServers(): readonly ServerSnapshot[] {
    return this.#parts.scheduler.computeServers(this.#clock.nowMs());
  }

  computeServer(computeServerId: ComputeServerId): ServerSnapshot | undefined {
    return this.#parts.scheduler.computeServer(computeServerId, this.#clock.nowMs());
  }

  loadBalancers(): readonly LoadBalancerSnapshot[] {
    return this.#parts.scheduler.loadBalancers(this.#clock.nowMs());
  }

  get hasLoadBalancer(): boolean {
    return this.#parts.scheduler.hasLoadBalancer;
  }

  pulse(): GridPulseNumbers {
    const { computeServers, slots, runningJobs } = this.#parts.scheduler.totals(this.#clock.nowMs());
    return { computeServers, slots, runningJobs, tasksPerSecond: this.#results.tasksPerSecond(), tasksDone: this.#results.tasksDone };
  }

  onChange(jobId: JobId | "all", listener: JobListener): () => void {
    return this.#changes.subscribe(jobId, listener);
  }

  log(jobId: JobId, index: number, line: string): void {
    if (this.#jobs.has(jobId)) this.#changes.publish(jobId, { type: "log", index, line });
  }

  /**
   * Takes in what a Compute Server reports. The answer's `onDisk` settles when everything that was accepted is on disk,
   * so that it may be acknowledged. While too much waits for the disk it waits, too. Throws GridError "malformed" when a
   * report does not hold what it says.
   */
  async report(computeServerId: ComputeServerId, reports: readonly OutcomeReport[]): Promise<{ onDisk: Promise<void> }> {
    while (this.#unwrittenBytes >= LINK_LIMITS.unwrittenBytes) await this.#results.written();
    const bytes = reports.reduce((sum, { outputs }) => sum + outputs.byteLength, 0);
    // Counted before anything is waited for: others that wait for the same room shall see it taken.
    this.#unwrittenBytes += bytes;
    const written = this.#take(computeServerId, reports).then(() => ({ onDisk: this.#results.written() }));
    void written.then(({ onDisk }) => onDisk).catch(() => undefined).finally(() => { this.#unwrittenBytes -= bytes; });
    return written;
  }

  /** Hands an event to the scheduler and does what it commands. What happens meanwhile has its turn behind it. */
  dispatch(event: SchedulerEvent, reported?: ReportedOutputs): void {
    if (this.#closed) return;
    this.#verified.heard(event);
    this.#happened.push({ event, reported });
    if (this.#performing) return;
    this.#performing = true;
    try {
      for (let next = this.#happened.shift(); next !== undefined; next = this.#happened.shift()) {
        for (const command of this.#parts.scheduler.handle(next.event, this.#clock.nowMs())) this.#perform(command, next.reported);
      }
    } finally {
      this.#performing = false;
    }
    this.#arm();
  }

  /** Takes nothing in any more. Settles when what was written is on disk. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#results.written();
  }

  async #take(computeServerId: ComputeServerId, reports: readonly OutcomeReport[]): Promise<void> {
    for (const report of reports) {
      const outputs = checkedOutputs(report, givenLimits(this.#jobs.get(report.jobId)?.limits, this.#parts.allowedPerTask).outputBytes);
      for (const { index, blobId } of report.large) {
        // By this Compute Server: knowing the hash of another's output shall not make it one's own.
        if (!await this.#parts.archive.hasUpload(computeServerId, blobId)) throw new GridError("malformed", `Cannot take the output of task ${index}: its blob was not uploaded`);
      }
      const { batchId, jobId, done, failures, busyMs, large } = report;
      const event = { type: "outcomes", computeServerId, batchId, jobId, done, failures, busyMs } as const;
      const job = this.#jobs.get(jobId);
      if (job === undefined || job.verification.policy === "first") this.dispatch(event, { done, outputs, large });
      else await this.#verified.take(job, { done, outputs, large }, (reported) => this.dispatch({ ...event, answers: reported.answers }, reported));
    }
  }

  #begin(job: StoredJob, restored?: RestoredJob): void {
    this.#jobs.set(job.jobId, job);
    this.#verified.begin(job, restored?.held);
  }

  #perform(command: Command, reported: ReportedOutputs | undefined): void {
    const { logger } = this.#parts;
    switch (command.type) {
      case "assign": return this.#batches.assign(command);
      case "revoke": return this.#batches.revoke(command);
      case "accept":
        if (reported === undefined) throw new Error("Cannot accept outputs: none were reported");
        this.#results.accept(command.jobId, command.ranges, reported);
        if (reported.answers !== undefined) this.#verified.accepted(command.jobId, command.ranges);
        return;
      case "hold": case "accept-held": case "drop-held": case "server-caught": return this.#verified.perform(command, reported);
      case "record-failure": return this.#results.recordFailure({ ...command, atMs: this.#clock.nowMs() });
      case "forget-failures": return this.#results.forgetFailures(command.jobId);
      case "set-job-state":
        this.#results.setJobState(command.jobId, command.state, command.atMs);
        if (ENDED_STATES.includes(command.state)) {
          this.#jobs.delete(command.jobId);
          this.#verified.end(command.jobId);
        }
        return;
      case "grant-lease": return this.#parts.onLeaseGranted(command);
      case "expire-server":
        this.#verified.expired(command.computeServerId);
        return this.#parts.onLeaseExpired(command.computeServerId);
      case "grant-load-balancer-lease": return logger.info({ loadBalancerId: command.loadBalancerId, leaseMs: command.leaseMs }, "Load Balancer registered");
      case "expire-load-balancer":
        logger.warn({ loadBalancerId: command.loadBalancerId }, "the lease of a Load Balancer ran out");
        return this.#parts.onLoadBalancerExpired(command.loadBalancerId);
      case "start-load-balancer": return this.#parts.onLoadBalancerMissing();
    }
  }

  /** A timer that is set for an earlier moment stays: it only looks again. */
  #arm(): void {
    const wakeMs = this.#parts.scheduler.nextWakeMs();
    if (this.#closed || wakeMs === null || wakeMs >= this.#timerAtMs) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = wakeMs;
    this.#timer = setTimeout(() => {
      this.#timerAtMs = Infinity;
      this.dispatch({ type: "tick" });
    }, Math.min(LONGEST_TIMER_MS, Math.max(0, wakeMs - this.#clock.nowMs())));
  }

  async #retryEnded(jobId: JobId): Promise<void> {
    const job = await this.#parts.archive.job(jobId);
    if (job === undefined) throw new GridError("not-found", `Cannot retry job ${jobId}: there is no such job`);
    if (job.state !== "failed") throw new GridError("conflict", `Cannot retry job ${jobId}: it is ${job.state}, and none of its tasks failed`);
    const ended = await this.#restored(job);
    if (this.#removed.has(jobId)) throw new GridError("not-found", `Cannot retry job ${jobId}: it was removed`);
    this.#begin(job, ended);
    this.dispatch({ type: "job-retried", jobId, ended });
    await this.#results.written();
  }

  async #control(jobId: JobId, type: "job-cancelled" | "job-paused" | "job-resumed", verb: string): Promise<void> {
    const job = this.#jobs.has(jobId) ? undefined : await this.#parts.archive.job(jobId);
    if (!this.#jobs.has(jobId)) {
      if (job === undefined) throw new GridError("not-found", `Cannot find job ${jobId}: it was removed, or the id is mistyped`);
      throw new GridError("conflict", `Cannot ${verb} job ${jobId}: it has ended, it is ${job.state}`);
    }
    this.dispatch({ type, jobId });
    await this.#results.written();
  }

  async #restored(job: StoredJob): Promise<RestoredJob> {
    const { done, failed } = await this.#parts.archive.taskEnds(job.jobId);
    const state = job.state === "paused" || job.state === "queued" ? job.state : "running";
    const held = job.verification.policy === "first" ? [] : await this.#parts.archive.held(job.jobId);
    return { ...jobSpec(job), state, done, failed, held };
  }
}
