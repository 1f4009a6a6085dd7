import type { ComputeServerId, LoadBalancerId, Owner } from "../protocol/ids.ts";
import type { IndexRanges } from "../protocol/index-range.ts";
import type { AssignmentContext } from "./assignment-context.ts";
import { Batch } from "./batch.ts";
import { batchSize } from "./batch-sizing.ts";
import { batchTimeMs } from "./batch-time.ts";
import { Capacity } from "./capacity.ts";
import type { Command } from "./command.ts";
import type { ComputeServer } from "./compute-server.ts";
import type { CopyPlan } from "./copying.ts";
import { EndOfJobs } from "./end-of-jobs.ts";
import { FairShare } from "./fair-share.ts";
import { handOut, type HandOutParts } from "./hand-out.ts";
import type { JobRun } from "./job-run.ts";
import type { Lease } from "./lease.ts";
import { MeanStay } from "./mean-stay.ts";
import { Newcomers } from "./newcomers.ts";
import { OwnerSlots } from "./owner-slots.ts";
import { EligibleServers } from "./requirements.ts";
import type { UsableServers } from "./retries.ts";
import { revokeBatches } from "./revoke-batches.ts";

/** Owns the running of the jobs given to it, and the Compute Servers connected to it. */
export class LoadBalancer implements UsableServers {
  readonly loadBalancerId: LoadBalancerId;
  readonly jobs = new Set<JobRun>();
  readonly servers = new Map<ComputeServerId, ComputeServer>();
  address = "";
  lease: Lease;
  readonly #context: AssignmentContext;
  readonly #shares: FairShare;
  readonly ownerSlots: OwnerSlots;
  readonly #newcomers = new Newcomers();
  /** For jobs that require something: where they may run. */
  readonly #eligible = new Map<JobRun, EligibleServers>();
  readonly #capacity = new Capacity();
  /** Compute Servers with room for a batch, for which nothing was there when it was looked for last. */
  readonly #open = new Set<ComputeServer>();
  /** Those of them with a lane that has nothing to run. */
  readonly #idle = new Set<ComputeServer>();
  readonly #changed = new Set<ComputeServer>();
  /** Jobs whose verification has found something, in passing. */
  readonly #unjudged = new Set<JobRun>();
  #workArrived = false;
  #batchCount = 0;
  #patienceEndsAtMs = Infinity;
  readonly #ends: EndOfJobs;
  readonly #stay = new MeanStay();
  #wakeMs = Infinity;

  constructor(loadBalancerId: LoadBalancerId, lease: Lease, context: AssignmentContext) {
    this.loadBalancerId = loadBalancerId;
    this.lease = lease;
    this.#context = context;
    this.#ends = new EndOfJobs(context.settings);
    this.#shares = new FairShare(context.settings.ownerWeights);
    this.ownerSlots = new OwnerSlots(context.settings.slotsPerOwner);
  }

  /** Slots that tasks can be sent to. */
  get slots(): number {
    return this.#capacity.slots;
  }

  get usableCount(): number {
    return this.#capacity.count;
  }

  /** When it wants to decide again, if nothing happens before; Infinity: never. */
  get wakeMs(): number {
    return this.#wakeMs;
  }

  isUsable(computeServerId: ComputeServerId): boolean {
    return this.servers.get(computeServerId)?.usable === true;
  }

  weightOf(owner: Owner): number {
    return this.#shares.weightOf(owner);
  }

  /** The owner's part of the slot time, by the weights of all who want some now. */
  partOf(owner: Owner): number {
    return this.#shares.partOf(owner);
  }

  addJob(job: JobRun): void {
    job.loadBalancer = this;
    this.jobs.add(job);
    this.#shares.add(job);
    if (job.spec.requires !== undefined) this.#eligible.set(job, new EligibleServers(job, this.servers, () => this.#capacity.changes));
    this.jobResumed(job);
  }

  /** Gives a job up with all that runs of it; what was in flight waits again. */
  removeJob(job: JobRun, reason: string, nowMs: number, out: Command[]): void {
    const batches = [...job.batches];
    for (const batch of batches) this.takeBack(batch, batch.left.ranges(), nowMs);
    this.jobChanged(job, out);
    revokeBatches(batches, false, reason, out);
    this.#shares.remove(job);
    this.#newcomers.left(job);
    this.#eligible.delete(job);
    this.#unjudged.delete(job);
    this.jobs.delete(job);
    job.loadBalancer = null;
  }

  addServer(server: ComputeServer): void {
    server.loadBalancer = this;
    this.servers.set(server.computeServerId, server);
    this.#stay.arrived(server);
    this.serverChanged(server);
  }

  /** Lets a Compute Server go; what it held waits again. */
  removeServer(server: ComputeServer, reason: string, nowMs: number, out: Command[]): void {
    const batches = [...server.batches.values()];
    this.dropBatches(batches, nowMs, out);
    revokeBatches(batches, false, reason, out);
    for (const job of this.jobs) {
      job.verification?.closeWindow(server.computeServerId, nowMs);
      this.#noteFindings(job);
    }
    this.servers.delete(server.computeServerId);
    this.#stay.left(server, nowMs);
    this.#open.delete(server);
    this.#idle.delete(server);
    this.#changed.delete(server);
    this.#weigh(server, false);
    this.#workArrived = true; // A retry may have waited for another Compute Server than those that are left.
    server.loadBalancer = null;
  }

  /** Its link, its slots or its batches are not what they were. */
  serverChanged(server: ComputeServer): void {
    this.ownerSlots.serverChanged(server);
    if (this.#capacity.has(server) !== server.usable) this.#workArrived = true;
    this.#weigh(server, server.usable);
    this.#changed.add(server);
  }

  /** Closes batches of which nothing is open any more, and lists the job where it has tasks to hand out. */
  jobChanged(job: JobRun, out: Command[]): void {
    for (const batch of job.takeFinished()) {
      if (!job.batches.has(batch)) continue;
      this.#shares.charge(job, -batch.leftMs);
      this.#close(batch);
      if (batch.left.count > 0) revokeBatches([batch], false, "every task of this batch has ended elsewhere", out);
    }
    const ready = job.state.kind !== "paused" && job.waitingCount > 0;
    if (this.#shares.setReady(job, ready) && ready && job.batches.size === 0) this.#newcomers.arrived(job);
    if (!ready) this.#newcomers.left(job);
    if (ready && job.takeableCount > job.takeableBefore) this.#workArrived = true;
    job.takeableBefore = job.takeableCount;
  }

  /** All that waits of it counts as new. */
  jobResumed(job: JobRun): void {
    job.takeableBefore = 0;
    this.jobChanged(job, []);
  }

  /** Tasks of a batch will not be run by it: they wait again. `jobChanged` is due after it. */
  takeBack(batch: Batch, ranges: IndexRanges, nowMs: number): void {
    const tasks = batch.job.putBack(batch, ranges, nowMs);
    this.#noteFindings(batch.job);
    this.#shares.charge(batch.job, -tasks * batch.taskMs);
  }

  /** Batches are lost whole. */
  dropBatches(batches: readonly Batch[], nowMs: number, out: Command[]): void {
    for (const batch of batches) {
      this.takeBack(batch, batch.left.ranges(), nowMs);
      this.jobChanged(batch.job, out);
    }
  }

  /** Jobs whose verification has found something since this was asked last. */
  takeUnjudged(): JobRun[] {
    const jobs = [...this.#unjudged];
    this.#unjudged.clear();
    return jobs;
  }

  /** Corrects what was charged for tasks by what they took. */
  settle(batch: Batch, tasks: number, slotMs: number): void {
    this.#shares.charge(batch.job, slotMs - tasks * batch.taskMs);
  }

  /**
   * The one place where work is handed out, after every change. It holds:
   * 1. Nothing goes to a Compute Server that is not registered here, connected and willing (R4), nor while draining.
   * 2. After it, no lane is free while a task waits that may run there (R6).
   * 3. Free lanes are filled before anything is queued behind a running batch.
   * 4. Only Compute Servers that changed are looked at, unless new work has come: then all with room are.
   * 5. A job that comes and finds all lanes and all places behind them taken gets a place back from who is ahead of its share.
   * 6. The end of jobs is planned only when idle lanes are left and nothing waits for them.
   */
  decide(nowMs: number, out: Command[]): void {
    this.#wakeMs = Infinity;
    for (const server of this.#changed) {
      if (server.hasRoom) this.#open.add(server);
      else this.#open.delete(server);
      if (server.hasFreeLane) this.#idle.add(server);
      else this.#idle.delete(server);
    }
    if (!this.#context.draining) {
      this.#copyCritical(nowMs, out);
      this.#handOut(this.#workArrived || nowMs >= this.#patienceEndsAtMs ? this.#open : this.#changed, nowMs, out);
      this.#makeRoom(nowMs, out);
      this.#planEnd(nowMs, out);
    }
    this.#changed.clear();
    this.#workArrived = false;
  }

  #handOut(among: Iterable<ComputeServer>, nowMs: number, out: Command[]): void {
    if (this.#shares.hasReady) {
      const candidates = [...among].filter((server) => server.hasRoom);
      const parts: HandOutParts = {
        choose: (may) => this.#choose(may),
        policyOf: (job) => this.#context.placements.of(job.spec.policy),
        accepts: (job, server) => {
          const accepts = this.ownerSlots.mayAdd(job.spec.owner, server) && job.mayAddTo(server) && job.hasWorkFor(server, nowMs, this.#usableFor(job));
          this.#noteFindings(job);
          return accepts;
        },
        assign: (job, server) => this.#assignNext(job, server, nowMs, out),
      };
      handOut(candidates, (server) => server.hasFreeLane, parts);
      handOut(candidates, (server) => server.hasRoom, parts);
      for (const server of candidates) if (!server.hasRoom) this.#open.delete(server);
    }
    this.#patienceEndsAtMs = Infinity;
    if (this.#open.size === 0) return;
    for (const job of this.#shares.readyJobs()) {
      this.#patienceEndsAtMs = Math.min(this.#patienceEndsAtMs, job.patienceEndsAtMs(nowMs));
    }
    this.#wakeMs = Math.min(this.#wakeMs, this.#patienceEndsAtMs);
  }

  #choose(may: (job: JobRun) => boolean): JobRun | undefined {
    return this.#newcomers.next(may) ?? this.#shares.choose(may);
  }

  #usableFor(job: JobRun): UsableServers {
    return this.#eligible.get(job) ?? this;
  }

  #assignNext(job: JobRun, server: ComputeServer, nowMs: number, out: Command[]): void {
    // Of the same owner another job was faster, since this Compute Server was found for it.
    if (!this.ownerSlots.mayAdd(job.spec.owner, server)) return;
    const totalSpeed = this.#eligible.get(job)?.totalSpeed ?? this.#capacity.speed;
    const size = batchSize({
      profile: job.timing.profile(server),
      waitingTasks: job.waitingCount,
      speedShare: totalSpeed > 0 ? Math.min(1, (server.speed * server.laneSlots) / totalSpeed) : 1,
      laneSlots: server.laneSlots,
      ...this.#context.settings,
      batchTargetMs: batchTimeMs({ targetMs: this.#context.settings.batchTargetMs, roundTripMs: server.roundTripMs, meanStayMs: this.#stay.meanMs(nowMs) }),
    });
    this.#assign(job, server, job.cut(size, server, nowMs, this.#usableFor(job)), null, nowMs, out);
  }

  #assign(job: JobRun, server: ComputeServer, ranges: IndexRanges, original: Batch | null, nowMs: number, out: Command[]): void {
    const batchId = this.#context.batchIds.next(nowMs);
    const taskMs = job.timing.expectedTaskMs(server) ?? this.#context.settings.batchTargetMs;
    const batch = new Batch({
      batchId, job, server, ranges, taskMs, assignedAtMs: nowMs, waitMs: server.expectedWaitMs, copy: original !== null,
    });
    if (original !== null) job.noteCopies(ranges, original, batch);
    if (job.verification !== null) job.noteHolder(ranges, batch, job.verification, nowMs);
    this.#noteFindings(job);
    job.batches.add(batch);
    this.#newcomers.served(job);
    server.batches.set(batchId, batch);
    this.ownerSlots.add(job.spec.owner, server);
    this.#batchCount++;
    if (!server.hasFreeLane) this.#idle.delete(server);
    if (original === null) this.#shares.begin(job, batch.leftMs);
    else this.#shares.charge(job, batch.leftMs);
    this.jobChanged(job, out);
    const { jobId, executableId, taskTimeoutMs } = job.spec;
    out.push({ type: "assign", computeServerId: server.computeServerId, batchId, jobId, executableId, ranges, taskTimeoutMs });
    job.rate.start(nowMs);
    if (job.state.kind !== "queued") return;
    job.state = { kind: "running", startedAtMs: nowMs };
    out.push({ type: "set-job-state", jobId, state: "running", atMs: nowMs });
  }

  #makeRoom(nowMs: number, out: Command[]): void {
    const batches = this.#newcomers.makeRoom(this.servers.values(), {
      slotsDue: ({ spec }) => this.partOf(spec.owner) * this.#capacity.slots,
      givesWay: ({ job: other, server }, job) => other !== job && this.#shares.precedes(job, other)
        && this.ownerSlots.mayAdd(job.spec.owner, server) && job.mayAddTo(server) && job.hasWorkFor(server, nowMs, this.#usableFor(job)),
    });
    revokeBatches(batches, true, "a job that has just come is to have its turn", out);
  }

  #planEnd(nowMs: number, out: Command[]): void {
    if (!this.#context.settings.help || this.#idle.size === 0 || this.#batchCount === 0) return;
    const plan = this.#ends.plan(this.servers.values(), this, nowMs);
    revokeBatches(plan.askBack, true, "idle Compute Servers can begin these tasks at once", out);
    this.#copy(plan.copies, nowMs, out);
    this.#wakeMs = Math.min(this.#wakeMs, plan.nextMs);
  }

  #copyCritical(nowMs: number, out: Command[]): void {
    if (!this.#context.settings.help || !this.#shares.hasReady) return;
    for (const server of this.#changed) {
      if (server.hasRoom) this.#copy(this.#ends.critical(server, this.servers.values(), this.#capacity.speed, this, nowMs), nowMs, out);
    }
  }

  #copy(plans: readonly CopyPlan[], nowMs: number, out: Command[]): void {
    for (const { original, server, ranges } of plans) {
      if (!this.ownerSlots.mayAdd(original.job.spec.owner, server)) continue;
      this.#assign(original.job, server, ranges, original, nowMs, out);
      if (!server.hasRoom) this.#open.delete(server);
    }
  }

  #close(batch: Batch): void {
    if (!batch.job.batches.delete(batch)) return;
    batch.server.batches.delete(batch.batchId);
    if (this.ownerSlots.remove(batch.job.spec.owner, batch.server)) this.#workArrived = true;
    batch.job.heldNoMore(batch.server);
    this.#noteFindings(batch.job);
    this.#batchCount--;
    this.#changed.add(batch.server);
  }

  #noteFindings(job: JobRun): void {
    if (job.verification?.hasVerdicts === true) this.#unjudged.add(job);
  }

  #weigh(server: ComputeServer, counts: boolean): void {
    this.#capacity.weigh(server, counts);
    this.#shares.slots = this.#capacity.slots;
  }
}
