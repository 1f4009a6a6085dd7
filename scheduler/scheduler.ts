import type { JobState } from "../protocol/http/job.ts";
import type { ComputeServerId, JobId } from "../protocol/ids.ts";
import type { AssignmentContext } from "./assignment-context.ts";
import { BatchIds } from "./batch-ids.ts";
import type { Command } from "./command.ts";
import type { ComputeServer } from "./compute-server.ts";
import type { JobSpec, RestoredJob, SchedulerEvent } from "./event.ts";
import { ExecutionManager } from "./execution-manager.ts";
import { idleReasons, type IdleReason } from "./idle.ts";
import { JobRun } from "./job-run.ts";
import { snapshotJob } from "./job-snapshot.ts";
import { Judge } from "./judge.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import { snapshotLoadBalancer } from "./load-balancer-snapshot.ts";
import { LookupService } from "./lookup-service.ts";
import { settingsOf, type SchedulerOptions } from "./options.ts";
import { takeOutcomes, type OutcomesEvent } from "./outcomes.ts";
import { Placements } from "./placement/policies.ts";
import { RateMeter } from "./rate-meter.ts";
import { registerComputeServer } from "./registration.ts";
import { revokeBatches } from "./revoke-batches.ts";
import type { JobSnapshot, LoadBalancerSnapshot, ServerSnapshot, TaskBucket } from "./snapshot.ts";
import { taskMap } from "./task-map.ts";
import { expectedRate } from "./time-left.ts";

export interface SchedulerTotals {
  readonly computeServers: number;
  /** Slots that tasks can be sent to. */
  readonly slots: number;
  readonly loadBalancers: number;
  /** Jobs that have not ended. */
  readonly jobs: number;
  readonly runningJobs: number;
  /** Tasks done since the scheduler began, and lately. */
  readonly tasksDone: number;
  readonly tasksFailed: number;
  readonly tasksPerSecond: number;
}

/** Every idle tab asks after itself: what is told of all is not reckoned anew for each. */
const MEAN_SPEED_KEPT_MS = 1_000;

type EventOf<T extends SchedulerEvent["type"]> = SchedulerEvent & { readonly type: T };

/**
 * All decisions about leases, batches, retries, stragglers and fairness: events go in, commands come out. It has no
 * clock, does no I/O, and the same events at the same times give the same commands (R10).
 */
export class Scheduler {
  readonly #context: AssignmentContext;
  readonly #lookup: LookupService;
  readonly #jobs: ExecutionManager;
  readonly #rate = new RateMeter();
  #tasksDone = 0;
  #tasksFailed = 0;
  #nowMs = -Infinity;
  #mean = { atMs: -Infinity, speed: 1 };

  constructor(options: SchedulerOptions = {}) {
    const settings = settingsOf(options);
    const placements = new Placements(settings.placement, settings.batchTargetMs, settings.seed);
    this.#context = { settings, placements, batchIds: new BatchIds(), draining: false };
    this.#lookup = new LookupService(this.#context);
    this.#jobs = new ExecutionManager(this.#lookup, settings.loadBalancerChoice);
  }

  /** Takes one event in. Answers what is to be done, in this order. Time that runs back is taken to stand still. */
  handle(event: SchedulerEvent, nowMs: number): readonly Command[] {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    const out: Command[] = [];
    this.#expire(out);
    this.#apply(event, out);
    // One place for all: whatever has happened, somebody may have lost a Load Balancer, or one its use for Compute Servers.
    this.#jobs.connect(this.#context.draining, this.#nowMs, out);
    do for (const loadBalancer of this.#lookup.loadBalancers.values()) loadBalancer.decide(this.#nowMs, out);
    while (this.#judge(out));
    return out;
  }

  /** When the surroundings must send the next `tick`, if no event comes before; null: never. */
  nextWakeMs(): number | null {
    let wakeMs = this.#lookup.nextExpiryMs();
    for (const loadBalancer of this.#lookup.loadBalancers.values()) wakeMs = Math.min(wakeMs, loadBalancer.wakeMs);
    return wakeMs === Infinity ? null : wakeMs;
  }

  get hasLoadBalancer(): boolean {
    return this.#lookup.loadBalancers.size > 0;
  }

  /** Undefined where the job has ended or was never taken. */
  job(jobId: JobId, nowMs: number): JobSnapshot | undefined {
    const job = this.#jobs.jobs.get(jobId);
    return job === undefined ? undefined : snapshotJob(job, this.#context.draining, nowMs);
  }

  taskMap(jobId: JobId, buckets: number): readonly TaskBucket[] | undefined {
    const job = this.#jobs.jobs.get(jobId);
    return job === undefined ? undefined : taskMap(job, buckets);
  }

  computeServers(nowMs: number): readonly ServerSnapshot[] {
    const meanSpeed = this.#meanSpeed(nowMs, 0);
    const reasons = new Map<LoadBalancer | null, IdleReason>();
    const reasonOf = (server: ComputeServer) => {
      const reason = reasons.get(server.loadBalancer) ?? idleReasons(server.loadBalancer, this.#context.draining);
      reasons.set(server.loadBalancer, reason);
      return reason(server);
    };
    return [...this.#lookup.servers.values()].map((server) => server.snapshot(meanSpeed, () => reasonOf(server), nowMs));
  }

  /** Undefined where it is not registered. */
  computeServer(computeServerId: ComputeServerId, nowMs: number): ServerSnapshot | undefined {
    const server = this.#lookup.servers.get(computeServerId);
    return server?.snapshot(this.#meanSpeed(nowMs, MEAN_SPEED_KEPT_MS), () => idleReasons(server.loadBalancer, this.#context.draining)(server), nowMs);
  }

  loadBalancers(nowMs: number): readonly LoadBalancerSnapshot[] {
    return [...this.#lookup.loadBalancers.values()].map((loadBalancer) => snapshotLoadBalancer(loadBalancer, nowMs));
  }

  totals(nowMs: number): SchedulerTotals {
    let slots = 0;
    for (const loadBalancer of this.#lookup.loadBalancers.values()) slots += loadBalancer.slots;
    let runningJobs = 0;
    for (const job of this.#jobs.jobs.values()) if (job.state.kind === "running") runningJobs++;
    return {
      computeServers: this.#lookup.servers.size,
      slots,
      loadBalancers: this.#lookup.loadBalancers.size,
      jobs: this.#jobs.jobs.size,
      runningJobs,
      tasksDone: this.#tasksDone,
      tasksFailed: this.#tasksFailed,
      tasksPerSecond: this.#rate.perSecond(nowMs),
    };
  }

  /** Of all Compute Servers; one that was told before is as good for `keptMs`. */
  #meanSpeed(nowMs: number, keptMs: number): number {
    if (nowMs >= this.#mean.atMs + keptMs) {
      let sum = 0;
      for (const { speed } of this.#lookup.servers.values()) sum += speed;
      this.#mean = { atMs: nowMs, speed: sum / Math.max(1, this.#lookup.servers.size) };
    }
    return this.#mean.speed;
  }

  #expire(out: Command[]): void {
    const { servers, loadBalancers } = this.#lookup.expire(this.#nowMs);
    for (const server of servers) {
      const { computeServerId } = server;
      this.#jobs.dropServer(server, "its lease is over", this.#nowMs, out);
      out.push({ type: "expire-server", computeServerId });
    }
    for (const loadBalancer of loadBalancers) {
      this.#jobs.abandon(loadBalancer, this.#nowMs, out);
      out.push({ type: "expire-load-balancer", loadBalancerId: loadBalancer.loadBalancerId });
    }
  }

  #apply(event: SchedulerEvent, out: Command[]): void {
    switch (event.type) {
      case "load-balancer-registered": return this.#loadBalancerRegistered(event, out);
      case "load-balancer-renewed": return this.#lookup.renewLoadBalancer(event.loadBalancerId, this.#nowMs);
      case "load-balancer-unregistered": return this.#loadBalancerUnregistered(event, out);
      case "server-registered": return this.#serverRegistered(event, out);
      case "server-renewed": return this.#serverRenewed(event, out);
      case "server-disconnected": return this.#serverDisconnected(event);
      case "server-unregistered": return this.#serverUnregistered(event, out);
      case "outcomes": return this.#outcomes(event, out);
      case "released": return this.#released(event, out);
      case "job-submitted": return this.#takeJob(event.job.jobId, event.job, out);
      case "job-restored": return this.#takeJob(event.job.jobId, event.job, out);
      case "job-cancelled": return this.#cancelled(event, out);
      case "job-paused": return this.#paused(event, out);
      case "job-resumed": return this.#resumed(event, out);
      case "job-retried": return this.#retried(event, out);
      case "drain": this.#context.draining = true; return;
      case "tick": return; // time alone is the event
    }
  }

  #loadBalancerRegistered({ loadBalancerId, address, leaseMs }: EventOf<"load-balancer-registered">, out: Command[]): void {
    const loadBalancer = this.#lookup.registerLoadBalancer(loadBalancerId, address, leaseMs, this.#nowMs);
    out.push({ type: "grant-load-balancer-lease", loadBalancerId, leaseMs: loadBalancer.lease.durationMs });
    this.#jobs.loadBalancerRegistered();
  }

  #loadBalancerUnregistered({ loadBalancerId }: EventOf<"load-balancer-unregistered">, out: Command[]): void {
    const loadBalancer = this.#lookup.loadBalancers.get(loadBalancerId);
    if (loadBalancer === undefined) return;
    this.#lookup.removeLoadBalancer(loadBalancer);
    this.#jobs.abandon(loadBalancer, this.#nowMs, out);
  }

  #serverRegistered(event: EventOf<"server-registered">, out: Command[]): void {
    const server = registerComputeServer(event, this.#lookup, this.#nowMs, out);
    this.#jobs.takeServer(server);
  }

  #serverRenewed({ computeServerId, slots }: EventOf<"server-renewed">, out: Command[]): void {
    const server = this.#lookup.renewServer(computeServerId, this.#nowMs);
    if (server === undefined || slots === undefined || slots === server.slots) return;
    server.slots = slots;
    server.loadBalancer?.serverChanged(server);
    if (slots === 0) revokeBatches(server.batches.values(), true, "the volunteer has paused this Compute Server", out);
  }

  #serverDisconnected({ computeServerId }: EventOf<"server-disconnected">): void {
    const server = this.#lookup.servers.get(computeServerId);
    if (server === undefined) return;
    server.connected = false;
    server.loadBalancer?.serverChanged(server);
  }

  #serverUnregistered({ computeServerId }: EventOf<"server-unregistered">, out: Command[]): void {
    const server = this.#lookup.servers.get(computeServerId);
    if (server === undefined) return;
    server.connected = false; // It drops all by itself: there is nobody to send a revoke to.
    this.#lookup.removeServer(server);
    this.#jobs.dropServer(server, "it has left", this.#nowMs, out);
  }

  #outcomes(event: OutcomesEvent, out: Command[]): void {
    const server = this.#lookup.renewServer(event.computeServerId, this.#nowMs);
    const job = this.#jobs.jobs.get(event.jobId);
    if (job === undefined) return;
    const { accepted, failed } = takeOutcomes(event, job, server, this.#nowMs, out);
    this.#tasksDone += accepted;
    this.#tasksFailed += failed;
    this.#rate.add(accepted, this.#nowMs);
    job.pace.note(this.#nowMs, job.done.count, () => expectedRate(job));
    if (server !== undefined) server.loadBalancer?.serverChanged(server);
    this.#jobChanged(job, out);
    if (job.isHarmful) this.#paused({ type: "job-paused", jobId: event.jobId }, out);
  }

  #released({ computeServerId, batchId, jobId, ranges }: EventOf<"released">, out: Command[]): void {
    const server = this.#lookup.renewServer(computeServerId, this.#nowMs);
    const batch = server?.batches.get(batchId);
    if (batch === undefined || batch.job.spec.jobId !== jobId) return;
    server?.loadBalancer?.takeBack(batch, ranges, this.#nowMs);
    this.#jobChanged(batch.job, out);
  }

  #takeJob(jobId: JobId, spec: JobSpec | RestoredJob, out: Command[]): void {
    // Submitted or restored a second time: it is taken already.
    if (this.#jobs.jobs.has(jobId)) return;
    const job = new JobRun(spec, this.#context.settings);
    this.#jobs.take(job);
    // Answers that came before the hub stopped may be enough.
    if (job.verification !== null) new Judge(job, job.verification).tell(null, this.#nowMs, out);
    // The hub stopped between the job's last outcome and its end.
    if (job.ending !== null) this.#end(job, job.ending, out);
  }

  #cancelled({ jobId }: EventOf<"job-cancelled" | "job-paused" | "job-resumed">, out: Command[]): void {
    const job = this.#jobs.jobs.get(jobId);
    if (job !== undefined) this.#end(job, "cancelled", out);
  }

  #paused({ jobId }: EventOf<"job-cancelled" | "job-paused" | "job-resumed">, out: Command[]): void {
    const job = this.#jobs.jobs.get(jobId);
    if (job === undefined || job.state.kind === "paused") return;
    job.state = { kind: "paused", resumeAs: job.state };
    job.pace.interrupted(this.#nowMs, job.done.count);
    out.push({ type: "set-job-state", jobId, state: "paused", atMs: this.#nowMs });
    revokeBatches(job.batches, true, "the job is paused", out);
    this.#jobChanged(job, out);
  }

  #resumed({ jobId }: EventOf<"job-cancelled" | "job-paused" | "job-resumed">, out: Command[]): void {
    const job = this.#jobs.jobs.get(jobId);
    if (job === undefined || job.state.kind !== "paused") return;
    job.state = job.state.resumeAs;
    job.slotDeaths.forget();
    job.pace.interrupted(this.#nowMs, job.done.count);
    out.push({ type: "set-job-state", jobId, state: job.state.kind, atMs: this.#nowMs });
    job.loadBalancer?.jobResumed(job);
  }

  #retried({ jobId, ended }: EventOf<"job-retried">, out: Command[]): void {
    const job = this.#jobs.jobs.get(jobId);
    if (job !== undefined) {
      if (!job.forgetFailures()) return;
      out.push({ type: "forget-failures", jobId });
      this.#jobChanged(job, out);
    } else if (ended !== undefined) {
      out.push({ type: "forget-failures", jobId }, { type: "set-job-state", jobId, state: "queued", atMs: this.#nowMs });
      this.#takeJob(jobId, { ...ended, state: "queued", failed: [] }, out);
    }
  }

  /** Sees to what verification found while work was handed out. Answers whether there was something. */
  #judge(out: Command[]): boolean {
    let found = false;
    for (const loadBalancer of this.#lookup.loadBalancers.values()) {
      for (const job of loadBalancer.takeUnjudged()) {
        if (job.verification?.hasVerdicts !== true) continue;
        found = true;
        const doneBefore = job.done.count;
        new Judge(job, job.verification).tell(null, this.#nowMs, out);
        this.#tasksDone += job.done.count - doneBefore;
        this.#jobChanged(job, out);
      }
    }
    return found;
  }

  /** Sees to what follows from a change of a job's tasks. */
  #jobChanged(job: JobRun, out: Command[]): void {
    job.loadBalancer?.jobChanged(job, out);
    if (job.ending !== null) this.#end(job, job.ending, out);
  }

  #end(job: JobRun, state: JobState, out: Command[]): void {
    this.#jobs.drop(job, `the job is ${state}`, this.#nowMs, out);
    out.push({ type: "set-job-state", jobId: job.spec.jobId, state, atMs: this.#nowMs });
  }
}
