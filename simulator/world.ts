import { computeServerIdSchema, executableIdSchema, jobIdSchema, loadBalancerIdSchema, ownerSchema } from "../protocol/ids.ts";
import type { ComputeServerId, JobId, LoadBalancerId } from "../protocol/ids.ts";
import type { Command } from "../scheduler/command.ts";
import type { JobSpec, SchedulerEvent } from "../scheduler/event.ts";
import { settingsOf, type SchedulerOptions } from "../scheduler/options.ts";
import { Scheduler } from "../scheduler/scheduler.ts";
import { SeededRandom } from "../scheduler/seeded-random.ts";
import { EventQueue } from "./event-queue.ts";
import { rightAnswer, SimulatedJob, type NewJob } from "./simulated-job.ts";
import { SimulatedServer, type Machine } from "./simulated-server.ts";
import { traceHash } from "./trace-hash.ts";

export type OutcomesEvent = SchedulerEvent & { readonly type: "outcomes" };

/** Who looks on: at every event with what it brought about, and at who works when. */
export interface Observer {
  commanded(event: SchedulerEvent, commands: readonly Command[]): void;
  busy(server: SimulatedServer, fromMs: number, toMs: number): void;
  /** A Compute Server has come, gone, frozen, thawed, or has other slots. */
  presenceChanged(server: SimulatedServer): void;
  /** These reports have come in one frame of the Compute Server, after `commanded` for each. One acknowledgement answers them. */
  framed?(events: readonly OutcomesEvent[]): void;
}

const NOBODY: Observer = { commanded: () => {}, busy: () => {}, presenceChanged: () => {} };
/** A job may hold a task this long, unless it says otherwise. */
const TASK_TIMEOUT_MS = 60_000;
const LOAD_BALANCER_RENEWALS_PER_LEASE = 3;
/** Ticks that the scheduler asks for at one instant: more, and it would keep its surroundings busy for ever. */
const MAX_TICKS_AT_ONCE = 1_000;

/**
 * The scheduler that ships, in virtual time, among simulated Compute Servers and jobs. It keeps its own books of what the
 * hub was told and what it commanded. The same seed and calls give the same trace (R10).
 */
export class World {
  readonly seed: number;
  readonly random: SeededRandom;
  readonly servers: SimulatedServer[] = [];
  readonly jobs: SimulatedJob[] = [];
  /** By the books: what was granted, and renewed by whatever arrived. */
  readonly leases = new Map<ComputeServerId, { readonly durationMs: number; endsAtMs: number }>();
  readonly loadBalancers = new Set<LoadBalancerId>();
  observer: Observer = NOBODY;
  /** Runs the scheduler on one event: whoever wants to know what that costs measures here. */
  timed: (handle: () => readonly Command[]) => readonly Command[] = (handle) => handle();
  nowMs = 0;
  events = 0;
  /** The hub has started and not all jobs are taken up yet. */
  restoring = false;
  traceHash = traceHash.begin;
  readonly #options: SchedulerOptions;
  readonly #queue = new EventQueue<() => void>();
  readonly #serversById = new Map<ComputeServerId, SimulatedServer>();
  readonly #jobsById = new Map<JobId, SimulatedJob>();
  #scheduler: Scheduler;
  #serverCount = 0;

  constructor(seed: number, options: SchedulerOptions = {}) {
    this.seed = seed;
    this.random = new SeededRandom(seed);
    this.#options = { seed, ...options };
    this.#scheduler = new Scheduler(this.#options);
  }

  /** As jobs that are verified by credibility take it for granted. */
  get saboteurShare(): number {
    return settingsOf(this.#options).saboteurShare;
  }

  get scheduler(): Scheduler {
    return this.#scheduler;
  }

  later(ms: number, run: () => void): void {
    this.#queue.push(this.nowMs + ms, run);
  }

  at(atMs: number, run: () => void): void {
    this.#queue.push(atMs, run);
  }

  /** Lets time pass, at most `ms`, until nothing is left to happen or `until` holds. */
  run(ms: number, until: () => boolean = () => false): void {
    const endMs = this.nowMs + ms;
    let ticks = 0;
    while (!until()) {
      const dueMs = this.#queue.peek()?.atMs ?? Infinity;
      const wakeMs = Math.max(this.nowMs, this.#scheduler.nextWakeMs() ?? Infinity);
      const nextMs = Math.min(dueMs, wakeMs);
      if (nextMs > endMs) break;
      ticks = nextMs > this.nowMs ? 0 : ticks + 1;
      if (ticks > MAX_TICKS_AT_ONCE && wakeMs <= dueMs) throw new Error(`Cannot go on: at ${nextMs} ms the scheduler asks for tick after tick`);
      this.nowMs = nextMs;
      if (wakeMs <= dueMs) this.send({ type: "tick" });
      else this.#queue.pop()?.payload();
    }
    if (!until()) this.nowMs = endMs;
  }

  send(event: SchedulerEvent): void {
    this.events++;
    if ("computeServerId" in event && event.type !== "server-disconnected") this.#renewBooks(event.computeServerId);
    const commands = this.timed(() => this.#scheduler.handle(event, this.nowMs));
    this.traceHash = traceHash.add(this.traceHash, this.nowMs, commands);
    for (const command of commands) this.#keepBooks(event, command);
    if (event.type === "server-unregistered") this.leases.delete(event.computeServerId);
    this.observer.commanded(event, commands);
    for (const command of commands) if ("computeServerId" in command) this.#serversById.get(command.computeServerId)?.receive(command);
  }

  /** `lies`: what of it is accepted is wrong. */
  sendOutcomes(event: OutcomesEvent, lies: boolean): void {
    const job = this.jobOf(event.jobId);
    const before = job.accepted.count;
    this.send(event);
    if (lies && !job.isVerified) job.wrongAccepted += job.accepted.count - before;
  }

  startLoadBalancer(name = "embedded", leaseMs = Infinity): void {
    const loadBalancerId = loadBalancerIdSchema.parse(name);
    this.loadBalancers.add(loadBalancerId);
    this.send({ type: "load-balancer-registered", loadBalancerId, address: "here", leaseMs });
    if (leaseMs !== Infinity) this.#renewLoadBalancer(loadBalancerId, leaseMs / LOAD_BALANCER_RENEWALS_PER_LEASE);
  }

  /** It renews no more: its lease will end. */
  loseLoadBalancer(name: string): void {
    this.loadBalancers.delete(loadBalancerIdSchema.parse(name));
  }

  stopLoadBalancer(name: string): void {
    const loadBalancerId = loadBalancerIdSchema.parse(name);
    this.loadBalancers.delete(loadBalancerId);
    this.send({ type: "load-balancer-unregistered", loadBalancerId });
  }

  join(machine: Machine): SimulatedServer {
    const server = new SimulatedServer(this, this.newServerId(), machine);
    this.servers.push(server);
    this.#serversById.set(server.id, server);
    server.register();
    return server;
  }

  /** Comes back, as who it was or as somebody new. */
  comeBack(server: SimulatedServer, withToken: boolean): void {
    if (server.linked) return;
    if (!withToken) {
      this.#serversById.delete(server.id);
      server.forgetToken(this.newServerId());
      this.#serversById.set(server.id, server);
    }
    server.register();
  }

  newServerId(): ComputeServerId {
    return computeServerIdSchema.parse(`server-${this.#serverCount++}`);
  }

  submit(job: NewJob): SimulatedJob {
    const spec: JobSpec = {
      jobId: jobIdSchema.parse(`job-${String(this.jobs.length).padStart(6, "0")}`),
      owner: ownerSchema.parse(job.owner ?? "ada"),
      executableId: executableIdSchema.parse("0".repeat(64)),
      tasks: job.tasks,
      priority: job.priority ?? 0,
      maxAttempts: job.maxAttempts ?? 3,
      taskTimeoutMs: job.taskTimeoutMs ?? TASK_TIMEOUT_MS,
      createdAtMs: this.nowMs,
      policy: job.policy,
      requires: job.requires,
      verification: job.verification,
    };
    const simulated = new SimulatedJob(spec, job, this.nowMs);
    this.jobs.push(simulated);
    this.#jobsById.set(spec.jobId, simulated);
    this.send({ type: "job-submitted", job: spec });
    return simulated;
  }

  jobOf(jobId: JobId): SimulatedJob {
    const job = this.#jobsById.get(jobId);
    if (job === undefined) throw new Error(`Cannot find job ${jobId}: it was never submitted here`);
    return job;
  }

  /** The hub is killed and starts again: every link is gone, and the jobs are as the archive has them (R1, R3). */
  restartHub(): void {
    for (const server of this.servers) server.loseLink(false);
    this.#scheduler = new Scheduler(this.#options);
    this.leases.clear();
    this.loadBalancers.clear();
    this.restoring = true;
    for (const { spec, state, accepted, recorded, held } of this.jobs) {
      if (state !== "queued" && state !== "running" && state !== "paused") continue;
      const failed = recorded.ranges().flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i));
      this.send({ type: "job-restored", job: { ...spec, state, done: accepted.ranges(), failed, held: held.all() } });
    }
    this.restoring = false;
  }

  presenceChanged(server: SimulatedServer): void {
    this.observer.presenceChanged(server);
  }

  #renewLoadBalancer(loadBalancerId: LoadBalancerId, everyMs: number): void {
    this.later(everyMs, () => {
      if (!this.loadBalancers.has(loadBalancerId)) return;
      this.send({ type: "load-balancer-renewed", loadBalancerId });
      this.#renewLoadBalancer(loadBalancerId, everyMs);
    });
  }

  #renewBooks(computeServerId: ComputeServerId): void {
    const lease = this.leases.get(computeServerId);
    if (lease !== undefined && lease.endsAtMs > this.nowMs) lease.endsAtMs = this.nowMs + lease.durationMs;
  }

  #keepBooks(event: SchedulerEvent, command: Command): void {
    switch (command.type) {
      case "grant-lease":
        this.leases.set(command.computeServerId, { durationMs: command.leaseMs, endsAtMs: this.nowMs + command.leaseMs });
        return;
      case "expire-load-balancer": this.loadBalancers.delete(command.loadBalancerId); return;
      case "accept":
        for (const [from, to] of command.ranges) this.jobOf(command.jobId).accepted.add(from, to);
        return;
      case "record-failure": this.jobOf(command.jobId).recorded.add(command.index, command.index + 1); return;
      case "forget-failures": this.jobOf(command.jobId).recorded.remove(0, Infinity); return;
      case "set-job-state": this.#setState(this.jobOf(command.jobId), command); return;
      case "hold": this.#hold(event, command); return;
      case "accept-held": this.#acceptHeld(command); return;
      case "drop-held":
        for (const [from, to] of command.ranges) this.jobOf(command.jobId).held.drop(command.computeServerId, from, to);
        return;
      case "server-caught": case "assign": case "revoke": case "expire-server": case "grant-load-balancer-lease": case "start-load-balancer": return;
    }
  }

  #hold(event: SchedulerEvent, { jobId, computeServerId, ranges }: Command & { readonly type: "hold" }): void {
    const server = this.#serversById.get(computeServerId);
    if (event.type !== "outcomes" || server === undefined) return;
    const indexes = event.done.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i));
    const answers = new Map(indexes.map((index, i) => [index, event.answers?.[i] ?? ""]));
    for (const [from, to] of ranges) {
      for (let index = from; index < to; index++) {
        this.jobOf(jobId).held.hold({ computeServerId, volunteer: server.volunteer, network: server.machine.network ?? "", index, answer: answers.get(index) ?? "" });
      }
    }
  }

  #acceptHeld({ jobId, accepted }: Command & { readonly type: "accept-held" }): void {
    const job = this.jobOf(jobId);
    for (const { index, answer } of accepted) {
      job.accepted.add(index, index + 1);
      job.held.end(index);
      if (answer !== rightAnswer(index)) job.wrongAccepted++;
    }
  }

  #setState(job: SimulatedJob, { state, atMs }: Command & { readonly type: "set-job-state" }): void {
    job.state = state;
    job.endedAtMs = job.hasEnded ? atMs : Infinity;
  }
}
