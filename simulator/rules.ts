import type { ComputeServerId, JobId } from "../protocol/ids.ts";
import type { IndexRanges } from "../protocol/index-range.ts";
import type { Command } from "../scheduler/command.ts";
import type { SchedulerEvent } from "../scheduler/event.ts";
import { IndexSet } from "../scheduler/index-set.ts";
import { BatchBooks } from "./batch-books.ts";
import { EvidenceWatch } from "./evidence-watch.ts";
import type { SimulatedJob } from "./simulated-job.ts";
import type { World } from "./world.ts";

/** Nobody with work that may run waits longer than this while others are handed this many batches (R7). */
const STARVED_AFTER_MS = 120_000;
const STARVED_AFTER_BATCHES = 100;
/** Compute Servers with a link that hold a task at once. */
const MAX_HOLDERS = 4;
/** The same of verified jobs: several are asked for an answer at once, and each may be late and copied. */
const MAX_ASKED = 12;

type CommandOf<T extends Command["type"]> = Command & { readonly type: T };

interface OwnerWait {
  readonly sinceMs: number;
  batchesOfOthers: number;
}

/** Asks after every event whether the rules hold that speak of every moment (R1, R2, R4 to R7). Throws where one does not. */
export class RuleWatch {
  readonly #world: World;
  readonly #books = new BatchBooks();
  readonly #evidence: EvidenceWatch;
  /** Tasks that have ended, by what was commanded. */
  readonly #ended = new Map<JobId, IndexSet>();
  /** Owners with work that may run anywhere, since they were handed a batch last. */
  readonly #waits = new Map<string, OwnerWait>();

  constructor(world: World) {
    this.#world = world;
    this.#evidence = new EvidenceWatch(must, world.saboteurShare);
  }

  commanded(event: SchedulerEvent, commands: readonly Command[]): void {
    this.#books.happened(event);
    this.#evidence.happened(event);
    for (const [at, command] of commands.entries()) this.#check(event, command, commands.slice(at));
    for (const command of commands) if (command.type === "set-job-state") this.#checkRevoked(command.jobId);
    if (this.#world.restoring) return;
    let waits = false;
    for (const job of this.#world.jobs) {
      const wait = this.#checkCounts(job);
      this.#checkStarved(job, wait);
      waits ||= wait;
    }
    if (waits) this.#checkIdle();
  }

  /** After everything: each job has ended, each task of it in one accepted result or one recorded failure (R1, R2). */
  end(): void {
    const anyLied = this.#world.servers.some(({ machine }) => machine.lieShare > 0);
    for (const { spec, accepted, recorded, state, hasEnded, wrongAccepted } of this.#world.jobs) {
      must(anyLied || wrongAccepted === 0, "an answer was accepted that nobody gave");
      must(hasEnded, `R1: ${spec.jobId} has not ended but is ${state}`);
      if (state === "cancelled") continue;
      must(accepted.count + recorded.count === spec.tasks, `R2: a task of ${spec.jobId} is lost`);
      must(recorded.ranges().every(([from, to]) => accepted.countWithin(from, to) === 0), `R2: a task of ${spec.jobId} has two ends`);
      must(state === (recorded.count > 0 ? "failed" : "completed"), `${spec.jobId} ends as it should`);
    }
  }

  /** The hub was killed: what was in flight is nobody's. */
  restarted(): void {
    this.#books.clear();
    this.#evidence.restarted();
    this.#waits.clear();
  }

  #check(event: SchedulerEvent, command: Command, from: readonly Command[]): void {
    this.#books.commanded(command);
    switch (command.type) {
      case "assign":
        this.#checkAssigned(command, from);
        this.#evidence.assigned(command);
        return;
      case "hold": this.#evidence.held(event, command); return;
      case "drop-held": this.#evidence.dropped(command); return;
      case "server-caught": this.#evidence.caught(command); return;
      case "accept-held":
        for (const { index } of command.accepted) must(this.#endedOf(command.jobId).add(index, index + 1) === 1, "R2, R5: a task ended twice");
        this.#evidence.accepted(this.#world.jobOf(command.jobId).spec.verification, command);
        return;
      case "accept": this.#checkAccepted(event, command); return;
      case "record-failure":
        must(this.#endedOf(command.jobId).add(command.index, command.index + 1) === 1, "R2: a task ended twice");
        this.#evidence.failed(this.#world.jobOf(command.jobId).spec.verification, command);
        return;
      case "expire-server":
        must((this.#world.leases.get(command.computeServerId)?.endsAtMs ?? -Infinity) <= this.#world.nowMs, "R4: a lease ended before its time");
        return;
      case "forget-failures": this.#ended.set(command.jobId, new IndexSet(this.#world.jobOf(command.jobId).accepted.ranges())); return;
      default: return;
    }
  }

  #checkAssigned({ computeServerId, jobId, ranges }: CommandOf<"assign">, from: readonly Command[]): void {
    const { leases, nowMs, scheduler } = this.#world;
    const lease = leases.get(computeServerId);
    must(lease !== undefined && lease.endsAtMs > nowMs, "R4: assigned without a lease");
    const usable = this.#usable();
    must(usable.has(computeServerId), "R4: assigned where nothing runs");
    const job = this.#world.jobOf(jobId);
    // Of a verified job it may turn out while work is handed out that it has all it needs: it ends behind that, and revokes it.
    const ends = from.some((command) => command.type === "set-job-state" && command.jobId === jobId) && job.hasEnded;
    must((scheduler.job(jobId, nowMs) !== undefined || (job.isVerified && ends)) && job.state !== "paused", "assigned of a job that has ended or is paused");
    for (const [from, to] of ranges) {
      must(from < to && to <= job.spec.tasks, "R2: assigned a task that does not exist");
      must(this.#endedOf(jobId).countWithin(from, to) === 0, "assigned a task that has ended");
    }
    this.#checkHolders(jobId, ranges, usable);
    this.#waits.delete(job.spec.owner);
    for (const wait of this.#waits.values()) wait.batchesOfOthers++;
  }

  #checkHolders(jobId: JobId, ranges: IndexRanges, usable: ReadonlySet<ComputeServerId>): void {
    const most = this.#world.jobOf(jobId).isVerified ? MAX_ASKED : MAX_HOLDERS;
    /** What one holds, what a second holds too, and so on. */
    const held: IndexSet[] = [];
    for (const { computeServerId, left } of this.#books.ofJob(jobId)) {
      if (left.count === 0 || !usable.has(computeServerId)) continue;
      let again = ranges.flatMap(([from, to]) => left.within(from, to));
      for (let level = 0; again.length > 0; level++) {
        must(level < most, `a task is held more than ${most} times`);
        const before = held[level] ??= new IndexSet();
        const onward = again.flatMap(([start, end]) => before.within(start, end));
        for (const [start, end] of again) before.add(start, end);
        again = onward;
      }
    }
  }

  #checkAccepted(event: SchedulerEvent, { jobId, ranges }: CommandOf<"accept">): void {
    const reported = new IndexSet(event.type === "outcomes" ? event.done : []);
    for (const [from, to] of ranges) {
      must(this.#endedOf(jobId).add(from, to) === to - from, "R2, R5: a task ended twice");
      must(reported.countWithin(from, to) === to - from, "R5: accepted what was not reported");
    }
  }

  /** Nobody computes for a job that has ended. */
  #checkRevoked(jobId: JobId): void {
    if (!this.#world.jobOf(jobId).hasEnded) return;
    const linked = this.#usable();
    for (const { computeServerId, left } of this.#books.ofJob(jobId)) {
      must(left.count === 0 || !linked.has(computeServerId), "a job has ended and a batch of it was not revoked");
    }
  }

  /** Answers whether the job has tasks waiting that any Compute Server may run: one that failed may have to wait for another. */
  #checkCounts({ spec, accepted, recorded, state, hasEnded, failedOnce }: SimulatedJob): boolean {
    const job = this.#world.scheduler.job(spec.jobId, this.#world.nowMs);
    must((job === undefined) === hasEnded, "R1: a job is known exactly until it has ended");
    if (job === undefined) return false;
    must(job.done === accepted.count && job.failed === recorded.count, "R2: what was commanded and what is counted differ");
    must(job.provisional === this.#evidence.provisional(spec.jobId), "tasks with held answers and provisional ones differ");
    must(job.pending + job.running + job.provisional + job.done + job.failed === spec.tasks && job.pending >= 0 && job.running >= 0, "R2: a task is lost");
    let held = 0;
    for (const { left } of this.#books.ofJob(spec.jobId)) held += left.count;
    must(job.running <= held, "R2, R4: tasks count as running that nobody holds");
    return (state === "queued" || state === "running") && job.pending > failedOnce;
  }

  #checkStarved({ spec: { owner } }: SimulatedJob, waits: boolean): void {
    if (!waits) return;
    const wait = this.#waits.get(owner);
    if (wait === undefined) {
      this.#waits.set(owner, { sinceMs: this.#world.nowMs, batchesOfOthers: 0 });
      return;
    }
    const isStarved = this.#world.nowMs - wait.sinceMs > STARVED_AFTER_MS && wait.batchesOfOthers > STARVED_AFTER_BATCHES;
    must(!isStarved, "R7: an owner waits without bound");
  }

  /** R6, by the hub's own count: no slot is idle while a task waits that may run anywhere. Who was caught gets no more of that job. */
  #checkIdle(): void {
    const { scheduler, nowMs } = this.#world;
    if (scheduler.loadBalancers(nowMs).length !== 1) return;
    const isIdle = scheduler.computeServers(nowMs).some(({ computeServerId, connected, slots, runningTasks }) =>
      connected && runningTasks < slots && !this.#evidence.isCaught(computeServerId));
    must(!isIdle, "R6: a slot is idle while a task waits");
  }

  #usable(): Set<ComputeServerId> {
    const servers = this.#world.scheduler.computeServers(this.#world.nowMs);
    return new Set(servers.filter(({ connected, slots }) => connected && slots > 0).map(({ computeServerId }) => computeServerId));
  }

  #endedOf(jobId: JobId): IndexSet {
    const known = this.#ended.get(jobId) ?? new IndexSet();
    this.#ended.set(jobId, known);
    return known;
  }
}

/** A rule of CONTRIBUTING.md that did not hold. */
export class RuleViolation extends Error {
  override readonly name = "RuleViolation";
}

function must(holds: boolean, rule: string): void {
  if (!holds) throw new RuleViolation(rule);
}
