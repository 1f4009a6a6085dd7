import { LIMITS } from "../protocol/limits.ts";
import type { BatchId, ComputeServerId } from "../protocol/ids.ts";
import type { Batch } from "./batch.ts";
import type { Lease } from "./lease.ts";
import type { LoadBalancer } from "./load-balancer.ts";
import type { PlacementCandidate } from "./placement/placement.ts";
import { engineName, type Offer } from "./requirements.ts";
import type { ServerSnapshot } from "./snapshot.ts";
import { Statistics } from "./statistics.ts";
import type { Answerer } from "./verification/voter.ts";

/** Batches a slot may hold: one runs, one waits behind it so that no slot waits for the network. */
const BATCHES_PER_LANE = 2;
/** A returning tab names all that it holds in one message, which bounds how many it may hold. */
const MAX_LANES = LIMITS.reportsPerMessage / BATCHES_PER_LANE;

/** The weight of the newest round trip. */
const NEWEST_ROUND_TRIP = 0.3;

/** A registered Compute Server as the hub counts it. */
export class ComputeServer implements PlacementCandidate, Answerer {
  readonly computeServerId: ComputeServerId;
  /** Place in the order of registration: decides where nothing else does. */
  readonly order: number;
  lease: Lease;
  readonly statistics: Statistics;
  readonly batches = new Map<BatchId, Batch>();
  name = "";
  offer: Offer = { engine: "", capabilities: new Set(), memoryMiB: null };
  /** Whose it is; its own id where it is nobody else's. */
  volunteer: string;
  /** Where it comes from; empty where that is not known. */
  network = "";
  /** The operator vouches for it. */
  vouched = false;
  slots = 0;
  connected = true;
  /** From sending a batch to hearing of it, less the work; 0 until measured. */
  roundTripMs = 0;
  loadBalancer: LoadBalancer | null = null;

  constructor(computeServerId: ComputeServerId, order: number, lease: Lease, nowMs: number) {
    this.computeServerId = computeServerId;
    this.volunteer = computeServerId;
    this.order = order;
    this.lease = lease;
    this.statistics = new Statistics(nowMs);
  }

  /** Whether tasks can be sent to it and will be run there. */
  get usable(): boolean {
    return this.connected && this.slots > 0;
  }

  /** Its browser engine, without its version. */
  get engineName(): string {
    return engineName(this.offer.engine);
  }

  /** How many batches run there at once. A slot each, but for the largest Compute Servers. */
  get lanes(): number {
    return Math.min(this.slots, MAX_LANES);
  }

  /** How many slots one batch feeds. */
  get laneSlots(): number {
    return this.slots <= MAX_LANES ? 1 : Math.ceil(this.slots / MAX_LANES);
  }

  /** A slot of it has nothing to run. */
  get hasFreeLane(): boolean {
    return this.usable && this.batches.size < this.lanes;
  }

  /** It may be given one more batch, to run or to wait behind the running one. */
  get hasRoom(): boolean {
    return this.usable && this.batches.size < BATCHES_PER_LANE * this.lanes;
  }

  /** Expected slot time of all that was handed out to it and has not come back. */
  get backlogMs(): number {
    let ms = 0;
    for (const batch of this.batches.values()) ms += batch.leftMs;
    return ms;
  }

  /** How long one more task waits there until it starts. */
  get expectedWaitMs(): number {
    return this.hasFreeLane ? 0 : this.backlogMs / Math.max(1, this.slots);
  }

  get speed(): number {
    return this.statistics.speed;
  }

  get load(): number {
    return this.batches.size / Math.max(1, this.lanes);
  }

  /** Time that it spent, and by the hub's count will have spent on what it holds. */
  get totalTimeMs(): number {
    return this.statistics.totalTimeMs + this.backlogMs;
  }

  get lastCompletionAtMs(): number | null {
    return this.statistics.lastCompletionAtMs;
  }

  get heldTasks(): number {
    let tasks = 0;
    for (const batch of this.batches.values()) tasks += batch.left.count;
    return tasks;
  }

  get runningTasks(): number {
    return Math.min(this.heldTasks, this.slots);
  }

  measureRoundTrip(measuredMs: number): void {
    this.roundTripMs += this.roundTripMs === 0 ? measuredMs : NEWEST_ROUND_TRIP * (measuredMs - this.roundTripMs);
  }

  /** `meanSpeed`: of all Compute Servers. `waitingFor`: found out when it is read, which is to be at once. */
  snapshot(meanSpeed: number, waitingFor: () => string | null, nowMs: number): ServerSnapshot {
    const [first] = this.batches.values();
    return {
      computeServerId: this.computeServerId,
      name: this.name,
      engine: this.offer.engine,
      capabilities: [...this.offer.capabilities],
      memoryMiB: this.offer.memoryMiB,
      connected: this.connected,
      leaseLeftMs: Math.max(0, this.lease.endsAtMs - nowMs),
      slots: this.slots,
      runningTasks: this.runningTasks,
      queuedTasks: this.heldTasks - this.runningTasks,
      jobId: first?.job.spec.jobId ?? null,
      get waitingFor() { return waitingFor(); },
      statistics: this.statistics.snapshot(meanSpeed),
    };
  }
}
