import { computeServerIdSchema, executableIdSchema, jobIdSchema, loadBalancerIdSchema, ownerSchema } from "../protocol/ids.ts";
import type { ComputeServerId, JobId } from "../protocol/ids.ts";
import type { JobState } from "../protocol/http/job.ts";
import type { TaskFailure } from "../protocol/up/outcomes.ts";
import type { Command } from "./command.ts";
import type { JobSpec, SchedulerEvent } from "./event.ts";
import { FakeServer } from "./fake-server.ts";
import { IndexSet } from "./index-set.ts";
import { MinHeap } from "./min-heap.ts";
import type { SchedulerOptions } from "./options.ts";
import { Scheduler } from "./scheduler.ts";

// A small world for the scheduler's tests: virtual time, a network with a delay, tabs that come and go. It keeps its own
// books of what the hub was told and what it commanded, and asks after every event whether the rules hold.

export interface FakeJob {
  readonly spec: JobSpec;
  readonly taskMs: number;
  /** How often a task fails before it succeeds. */
  readonly failures: (index: number) => number;
  readonly failureKind: TaskFailure["kind"];
  readonly accepted: IndexSet;
  readonly recorded: IndexSet;
  /** Failed runs of each task that failed. */
  readonly failedRuns: Map<number, number>;
  state: JobState;
}

interface NewFakeJob {
  readonly tasks: number;
  readonly taskMs: number;
  readonly owner?: string;
  readonly priority?: number;
  readonly maxAttempts?: number;
  readonly failures?: (index: number) => number;
  readonly failureKind?: TaskFailure["kind"];
}

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

export class FakeWorld {
  readonly scheduler: Scheduler;
  readonly latencyMs: number;
  readonly servers: FakeServer[] = [];
  readonly jobs: FakeJob[] = [];
  readonly leaseEndsAtMs = new Map<ComputeServerId, { durationMs: number; endsAtMs: number }>();
  readonly slotMsByOwner = new Map<string, number>();
  nowMs = 0;
  /** FNV-1a of every command so far (R10). */
  traceHash = 0x811c9dc5;
  /** Called after every event with what it brought about. */
  onCommands: (event: SchedulerEvent, commands: readonly Command[]) => void = () => {};
  readonly #byId = new Map<ComputeServerId, FakeServer>();
  readonly #jobsById = new Map<JobId, FakeJob>();
  readonly #due = new MinHeap<Due>((a, b) => (a.atMs === b.atMs ? a.order < b.order : a.atMs < b.atMs));
  #order = 0;

  constructor(options: SchedulerOptions = {}, latencyMs = 5) {
    this.scheduler = new Scheduler(options);
    this.latencyMs = latencyMs;
  }

  later(ms: number, run: () => void): void {
    this.#due.push({ atMs: this.nowMs + ms, order: this.#order++, run });
  }

  /** Lets time pass, at most `ms`, until nothing is left to happen or `until` holds. */
  run(ms: number, until: () => boolean = () => false): void {
    const endMs = this.nowMs + ms;
    while (!until()) {
      const dueMs = this.#due.peek()?.atMs ?? Infinity;
      const wakeMs = Math.max(this.nowMs, this.scheduler.nextWakeMs() ?? Infinity);
      const nextMs = Math.min(dueMs, wakeMs);
      if (nextMs > endMs) break;
      this.nowMs = nextMs;
      if (wakeMs <= dueMs) this.send({ type: "tick" });
      else this.#due.pop()?.run();
    }
    if (!until()) this.nowMs = endMs;
  }

  send(event: SchedulerEvent): readonly Command[] {
    if ("computeServerId" in event) this.#renewBooks(event.computeServerId);
    const commands = this.scheduler.handle(event, this.nowMs);
    this.#hash(commands);
    for (const command of commands) this.#keepBooks(command);
    if (event.type === "outcomes") {
      const owner = this.#jobsById.get(event.jobId)?.spec.owner ?? "";
      this.slotMsByOwner.set(owner, (this.slotMsByOwner.get(owner) ?? 0) + event.busyMs);
    }
    if (event.type === "server-unregistered") this.leaseEndsAtMs.delete(event.computeServerId);
    this.onCommands(event, commands);
    for (const command of commands) if ("computeServerId" in command) this.#byId.get(command.computeServerId)?.receive(command);
    return commands;
  }

  startLoadBalancer(leaseMs = Infinity, id = "embedded"): void {
    this.send({ type: "load-balancer-registered", loadBalancerId: loadBalancerIdSchema.parse(id), address: "here", leaseMs });
  }

  join(slots: number, speed = 1, leaseMs = 10_000): FakeServer {
    const id = computeServerIdSchema.parse(`server-${this.servers.length}`);
    const server = new FakeServer(this, id, slots, speed, leaseMs);
    this.servers.push(server);
    this.#byId.set(id, server);
    server.register();
    return server;
  }

  submit(job: NewFakeJob): FakeJob {
    const spec: JobSpec = {
      jobId: jobIdSchema.parse(`job-0000${this.jobs.length}`),
      owner: ownerSchema.parse(job.owner ?? "ada"),
      executableId: executableIdSchema.parse("0".repeat(64)),
      tasks: job.tasks,
      priority: job.priority ?? 0,
      maxAttempts: job.maxAttempts ?? 3,
      taskTimeoutMs: 60_000,
      createdAtMs: this.nowMs,
    };
    const fake: FakeJob = {
      spec, taskMs: job.taskMs, failures: job.failures ?? (() => 0), failureKind: job.failureKind ?? "error",
      accepted: new IndexSet(), recorded: new IndexSet(), failedRuns: new Map(), state: "queued",
    };
    this.jobs.push(fake);
    this.#jobsById.set(spec.jobId, fake);
    this.send({ type: "job-submitted", job: spec });
    return fake;
  }

  jobOf(jobId: JobId): FakeJob {
    const job = this.#jobsById.get(jobId);
    if (job === undefined) throw new Error(`Cannot find job ${jobId}: it was never submitted here`);
    return job;
  }

  /** Between half and one and a half times the job's usual task time. */
  taskMs(jobId: JobId, index: number): number {
    return this.jobOf(jobId).taskMs * (0.5 + ((index * 7919) % 101) / 100);
  }

  fails(jobId: JobId, index: number): TaskFailure | null {
    const job = this.jobOf(jobId);
    const runs = job.failedRuns.get(index) ?? 0;
    if (runs >= job.failures(index)) return null;
    job.failedRuns.set(index, runs + 1);
    return { index, kind: job.failureKind, message: `run ${runs + 1}`, stack: `at task ${index}` };
  }

  #renewBooks(computeServerId: ComputeServerId): void {
    const lease = this.leaseEndsAtMs.get(computeServerId);
    if (lease !== undefined && lease.endsAtMs > this.nowMs) lease.endsAtMs = this.nowMs + lease.durationMs;
  }

  #keepBooks(command: Command): void {
    switch (command.type) {
      case "grant-lease":
        this.leaseEndsAtMs.set(command.computeServerId, { durationMs: command.leaseMs, endsAtMs: this.nowMs + command.leaseMs });
        return;
      case "expire-server":
        this.leaseEndsAtMs.delete(command.computeServerId);
        this.#byId.get(command.computeServerId)?.loseLink(false);
        return;
      case "accept":
        for (const [from, to] of command.ranges) this.jobOf(command.jobId).accepted.add(from, to);
        return;
      case "record-failure":
        this.jobOf(command.jobId).recorded.add(command.index, command.index + 1);
        return;
      case "forget-failures":
        this.jobOf(command.jobId).recorded.remove(0, Infinity);
        return;
      case "set-job-state":
        this.jobOf(command.jobId).state = command.state;
        return;
      case "assign": case "revoke": case "grant-load-balancer-lease": case "expire-load-balancer": case "start-load-balancer": return;
    }
  }

  #hash(commands: readonly Command[]): void {
    const text = JSON.stringify(commands);
    for (let i = 0; i < text.length; i++) this.traceHash = Math.imul(this.traceHash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
}
