import type { Logger } from "pino";
import { GridError } from "../../protocol/grid-error.ts";
import { ENDED_STATES } from "../../protocol/http/job.ts";
import type { ComputeServerId, JobId, LoadBalancerId } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { OutcomeReport } from "../../protocol/up/outcomes.ts";
import type { Command } from "../../scheduler/command.ts";
import type { JobSpec, RestoredJob, SchedulerEvent } from "../../scheduler/event.ts";
import { isPlacementName } from "../../scheduler/placement/policies.ts";
import type { Scheduler } from "../../scheduler/scheduler.ts";
import type { JobSnapshot, LoadBalancerSnapshot, ServerSnapshot, TaskBucket } from "../../scheduler/snapshot.ts";
import type { ResultsArchive, StoredJob } from "../archive/archive.ts";
import type { ComputeLinks } from "../compute-link/compute-links.ts";
import type { Metrics } from "../metrics.ts";
import { LINK_LIMITS } from "../limits.ts";
import { readBatch, type ReadBatch } from "./batch-inputs.ts";
import { HubClock } from "./hub-clock.ts";
import type { Grid, GridPulseNumbers, JobListener } from "./grid.ts";
import { JobChanges } from "./job-changes.ts";
import { checkedOutputs } from "../results/outcome-check.ts";
import { ResultsManager, type ReportedOutputs } from "../results/results-manager.ts";

const LONGEST_TIMER_MS = 2 ** 31 - 1;

type AssignCommand = Extract<Command, { type: "assign" }>;

export interface RunningGridParts {
  readonly scheduler: Scheduler;
  readonly archive: ResultsArchive;
  readonly links: ComputeLinks;
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
  readonly #clock = new HubClock();
  /** Active jobs: those that the scheduler knows. */
  readonly #jobs = new Map<JobId, StoredJob>();
  /** Inputs are read before a batch is sent; what follows to the same Compute Server waits its turn behind it. */
  readonly #sending = new Map<ComputeServerId, Promise<void>>();
  /** Retries of jobs that had ended, until they run: a second call is the same one. */
  readonly #retrying = new Map<JobId, Promise<void>>();
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
  }

  /** Takes up every job that has not ended, as the archive left it (R1, R2). */
  async restore(): Promise<number> {
    const jobs = await this.#parts.archive.unfinishedJobs();
    for (const job of jobs) {
      const restored = await this.#restored(job);
      this.#jobs.set(job.jobId, job);
      this.dispatch({ type: "job-restored", job: restored });
    }
    return jobs.length;
  }

  submit(job: StoredJob): string | null {
    this.#jobs.set(job.jobId, job);
    this.dispatch({ type: "job-submitted", job: specOf(job) });
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
      const outputs = checkedOutputs(report);
      for (const { index, blobId } of report.large) {
        if (!await this.#parts.archive.hasBlob(blobId)) throw new GridError("malformed", `Cannot take the output of task ${index}: its blob was not uploaded`);
      }
      const { batchId, jobId, done, failures, busyMs, large } = report;
      this.dispatch({ type: "outcomes", computeServerId, batchId, jobId, done, failures, busyMs }, { done, outputs, large });
    }
  }

  #perform(command: Command, reported: ReportedOutputs | undefined): void {
    const { links, logger } = this.#parts;
    switch (command.type) {
      case "assign": return this.#assign(command);
      case "accept":
        if (reported === undefined) throw new Error("Cannot accept outputs: none were reported");
        return this.#results.accept(command.jobId, command.ranges, reported);
      case "hold": case "accept-held": case "drop-held": case "server-caught":
        throw new Error(`Cannot ${command.type} for job ${command.jobId}: no job is verified here yet`);
      case "revoke":
        return this.#inTurn(command.computeServerId, () => {
          for (let i = 0; i < command.batchIds.length; i += LIMITS.reportsPerMessage) {
            links.get(command.computeServerId)?.send({
              type: "revoke", batchIds: command.batchIds.slice(i, i + LIMITS.reportsPerMessage),
              unstartedOnly: command.unstartedOnly, reason: command.reason,
            });
          }
        });
      case "record-failure": return this.#results.recordFailure({ ...command, atMs: this.#clock.nowMs() });
      case "forget-failures": return this.#results.forgetFailures(command.jobId);
      case "set-job-state":
        this.#results.setJobState(command.jobId, command.state, command.atMs);
        if (ENDED_STATES.includes(command.state)) this.#jobs.delete(command.jobId);
        return;
      case "grant-lease": return this.#parts.onLeaseGranted(command);
      case "expire-server": return this.#parts.onLeaseExpired(command.computeServerId);
      case "grant-load-balancer-lease": return logger.info({ loadBalancerId: command.loadBalancerId, leaseMs: command.leaseMs }, "Load Balancer registered");
      case "expire-load-balancer":
        logger.warn({ loadBalancerId: command.loadBalancerId }, "the lease of a Load Balancer ran out");
        return this.#parts.onLoadBalancerExpired(command.loadBalancerId);
      case "start-load-balancer": return this.#parts.onLoadBalancerMissing();
    }
  }

  #assign(command: AssignCommand): void {
    const { computeServerId, batchId, jobId } = command;
    const job = this.#jobs.get(jobId);
    if (job === undefined) throw new Error(`Cannot assign batch ${batchId}: job ${jobId} is not active`);
    // If it comes back over another link before this is sent, it does not say that it holds this batch: it has lost it.
    const link = this.#parts.links.get(computeServerId);
    this.#inTurn(computeServerId, async () => {
      await link?.room();
      if (this.#jobs.get(jobId) !== job || this.#parts.links.get(computeServerId) !== link) return;
      const { inputs, ranges, rest } = await this.#read(command, job);
      if (ranges.length > 0) link?.send({
        type: "assign", batchId, jobId, jobName: job.name, owner: job.owner, executableId: command.executableId,
        ranges: ranges.map(([from, to]) => [from, to]), inputs, taskTimeoutMs: command.taskTimeoutMs,
      });
      if (rest.length > 0) this.dispatch({ type: "released", computeServerId, batchId, jobId, ranges: rest });
    });
  }

  /** A job whose inputs cannot be read is paused, so that its batches do not come back for ever. */
  async #read({ batchId, ranges }: AssignCommand, job: StoredJob): Promise<ReadBatch> {
    const { jobId } = job;
    try {
      return await readBatch(this.#parts.archive, job, ranges);
    } catch (error) {
      this.#parts.logger.error({ err: error, jobId, batchId }, "cannot read the inputs of a batch: its job is paused");
      this.dispatch({ type: "job-paused", jobId });
      return { inputs: { kind: "range", start: 0, step: 1 }, ranges: [], rest: ranges };
    }
  }

  /** Runs what is meant for one Compute Server in the order in which it was commanded. */
  #inTurn(computeServerId: ComputeServerId, step: () => void | Promise<void>): void {
    const turn = (this.#sending.get(computeServerId) ?? Promise.resolve()).then(step).catch((error: unknown) => {
      this.#parts.logger.error({ err: error, computeServerId }, "cannot send to a Compute Server");
    });
    this.#sending.set(computeServerId, turn);
    void turn.then(() => {
      if (this.#sending.get(computeServerId) === turn) this.#sending.delete(computeServerId);
    });
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
    this.#jobs.set(jobId, job);
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
    return { ...specOf(job), state, done, failed };
  }
}

function specOf(job: StoredJob): JobSpec {
  const { jobId, owner, executableId, tasks, priority, maxAttempts, taskTimeoutMs, createdAtMs, policy, requires } = job;
  return {
    jobId, owner, executableId, tasks, priority, maxAttempts, taskTimeoutMs, createdAtMs,
    // A policy that this version knows no more is as good as none.
    policy: policy !== null && isPlacementName(policy) ? policy : undefined,
    requires: requires ?? undefined,
  };
}
