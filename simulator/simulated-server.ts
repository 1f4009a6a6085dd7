import type { BatchId, ComputeServerId } from "../protocol/ids.ts";
import type { IndexRange } from "../protocol/index-range.ts";
import type { TaskFailure } from "../protocol/up/outcomes.ts";
import type { Command } from "../scheduler/command.ts";
import { IndexSet } from "../scheduler/index-set.ts";
import { SimulatedLink, type LinkQuality } from "./simulated-link.ts";
import type { SimulatedJob } from "./simulated-job.ts";
import { SimulatedSlot, type SlotReport } from "./simulated-slot.ts";
import { sabotaged, toldOutcomes, type Saboteur } from "./told-outcomes.ts";
import type { OutcomesEvent, World } from "./world.ts";

/** When a link that died without a word is found dead at the latest. */
const DEAD_LINK_MS = 60_000;
/** From the arrival of a report to its acknowledgement: it is written first. */
const COMMIT_MS = 2;
const HEARTBEATS_PER_LEASE = 3;
/** As in worker/link: how long a report waits for others, and how long when its slot has ended its work while more waits. */
const GATHER_MS = 50;
const GATHER_ENDED_MS = 4;

/** What a tab runs on. */
export interface Machine {
  readonly slots: number;
  /** 1 runs a task in its own length, 2 in half of it. */
  readonly speed: number;
  readonly leaseMs: number;
  readonly link: LinkQuality;
  /** Share of outcomes that are lies; 0 is honest. */
  readonly lieShare: number;
  /** Tells what it likes of verified jobs, whatever its `lieShare`. */
  readonly saboteur?: Saboteur;
  /** Whose it is; without it, nobody else's. */
  readonly volunteer?: string;
  readonly network?: string;
  readonly vouched?: boolean;
  readonly capabilities?: readonly string[];
  /**
   * Sends the frames that a tab sends, and no more: reports of several slots gather for a moment, and a lease is renewed
   * at registration and in silence alone. Otherwise each report is a frame, and renewals come whatever else was said.
   */
  readonly sparing?: boolean;
}

interface HeldBatch {
  readonly batchId: BatchId;
  readonly job: SimulatedJob;
  /** What no slot has begun. */
  readonly waiting: IndexSet;
  /** Tasks that were neither reported nor given back. */
  left: number;
}

interface Report {
  readonly batchId: BatchId;
  readonly job: SimulatedJob;
  readonly done: readonly IndexRange[];
  readonly failures: readonly TaskFailure[];
  readonly busyMs: number;
}

/** A tab: it takes batches, runs them in its slots, streams results, loses its link, freezes, is reloaded, comes back. */
export class SimulatedServer {
  readonly machine: Machine;
  /** Another one after each return without its token. */
  id: ComputeServerId;
  slots: number;
  linked = false;
  frozen = false;
  readonly #world: World;
  readonly #batches = new Map<BatchId, HeldBatch>();
  readonly #slots: SimulatedSlot[] = [];
  readonly #up: SimulatedLink;
  readonly #down: SimulatedLink;
  /** Reports that the hub has not acknowledged. */
  readonly #unacknowledged = new Set<Report>();
  /** Of those, what waits for others to go in one frame, and until when. */
  #gathered: Report[] = [];
  #gatheredUntilMs = Infinity;
  #sentAtMs = -Infinity;
  /** What was on its way over an earlier link does not arrive. */
  #link = 0;
  /** Releases from while there was no link. */
  #unsentReleases: (() => void)[] = [];
  /** Commands that arrived while the tab was frozen. */
  #inbox: Command[] = [];

  constructor(world: World, id: ComputeServerId, machine: Machine) {
    this.#world = world;
    this.id = id;
    this.machine = machine;
    this.slots = machine.slots;
    this.#up = new SimulatedLink(machine.link, world.random);
    this.#down = new SimulatedLink(machine.link, world.random);
    while (this.#slots.length < this.slots) this.#slots.push(new SimulatedSlot(world, this));
  }

  get volunteer(): string {
    return this.machine.volunteer ?? this.id;
  }

  get speed(): number {
    return this.machine.speed;
  }

  register(): void {
    this.linked = true;
    const link = ++this.#link;
    const holding = [...new Set([...this.#batches.keys(), ...[...this.#unacknowledged].map(({ batchId }) => batchId)])];
    this.#world.presenceChanged(this);
    this.#toHub(() => {
      this.#world.send({
        type: "server-registered", computeServerId: this.id, name: "simulated", engine: "simulated-1", capabilities: this.machine.capabilities ?? [], slots: this.slots,
        leaseMs: this.machine.leaseMs, holding, volunteer: this.volunteer, network: this.machine.network ?? "", vouched: this.machine.vouched ?? false,
      });
      this.#heartbeat(link);
    });
    this.#gathered = [];
    for (const report of this.#unacknowledged) this.#transmit([report]);
    for (const release of this.#unsentReleases.splice(0)) this.#toHub(release);
  }

  /**
   * The link is gone. The hub hears of it where `noticed`, else its lease must tell, or where that never ends the
   * transport's own timeout.
   */
  loseLink(noticed: boolean): void {
    if (!this.linked) return;
    this.linked = false;
    this.#link++;
    this.#world.presenceChanged(this);
    if (!noticed && this.machine.leaseMs !== Infinity) return;
    const { id } = this;
    this.#world.later(noticed ? 0 : DEAD_LINK_MS, () => {
      if (!this.linked || this.id !== id) this.#world.send({ type: "server-disconnected", computeServerId: id });
    });
  }

  /** The page is loaded anew: nothing is left of what it held. */
  reload(): void {
    for (const slot of this.#slots) slot.stop();
    this.#batches.clear();
    this.#unacknowledged.clear();
    this.#gathered = [];
    this.#unsentReleases = [];
    this.#inbox = [];
    this.frozen = false;
  }

  /** Without its token it is somebody new to the hub. */
  forgetToken(id: ComputeServerId): void {
    this.reload();
    this.id = id;
  }

  leave(): void {
    if (!this.linked) return;
    this.reload();
    this.#world.send({ type: "server-unregistered", computeServerId: this.id });
    this.loseLink(false);
  }

  /** The browser freezes the tab: no slot works, nothing is sent, not even a heartbeat; the link stays. */
  freeze(): void {
    if (this.frozen) return;
    this.frozen = true;
    this.#world.presenceChanged(this);
    for (const slot of this.#slots) slot.freeze();
  }

  thaw(): void {
    if (!this.frozen) return;
    this.frozen = false;
    this.#world.presenceChanged(this);
    for (const slot of this.#slots) slot.thaw();
    for (const command of this.#inbox.splice(0)) this.#obey(command);
    this.#flush();
    if (this.linked) this.#toHub(() => this.#world.send({ type: "server-renewed", computeServerId: this.id }));
  }

  /** The volunteer gives more slots or fewer; those that are given up end what they run. */
  setSlots(slots: number): void {
    this.slots = slots;
    while (this.#slots.length < slots) this.#slots.push(new SimulatedSlot(this.#world, this));
    this.#world.presenceChanged(this);
    this.#toHub(() => this.#world.send({ type: "server-renewed", computeServerId: this.id, slots }));
    this.#work();
  }

  /** Gives back what it has not begun. */
  release(batchIds: Iterable<BatchId> = this.#batches.keys()): void {
    for (const batchId of [...batchIds]) {
      const batch = this.#batches.get(batchId);
      if (batch === undefined || batch.waiting.count === 0) continue;
      const ranges = batch.waiting.ranges();
      batch.left -= batch.waiting.count;
      batch.waiting.remove(0, Infinity);
      this.#forgetIfDone(batch);
      const { jobId } = batch.job.spec;
      const arrive = () => { this.#world.send({ type: "released", computeServerId: this.id, batchId, jobId, ranges }); };
      if (this.linked) this.#toHub(arrive);
      else this.#unsentReleases.push(arrive);
    }
  }

  /** A command of the hub is on its way. */
  receive(command: Command): void {
    const link = this.#link;
    this.#world.at(this.#down.arrivalMs(this.#world.nowMs), () => {
      if (!this.linked || this.#link !== link) return;
      if (this.frozen) this.#inbox.push(command);
      else this.#obey(command);
    });
  }

  busy(fromMs: number, toMs: number): void {
    this.#world.observer.busy(this, fromMs, toMs);
  }

  restarted(): void {
    this.#work();
  }

  reported({ segment, from, to, failure, busyMs, endedAt }: SlotReport): void {
    const batch = this.#batches.get(segment.batchId);
    if (batch !== undefined) {
      const done = new IndexSet();
      for (const index of segment.indexes.slice(from, to)) done.add(index, index + 1);
      batch.left -= done.count + (failure === null ? 0 : 1);
      if (endedAt !== null) for (const index of segment.indexes.slice(endedAt)) batch.waiting.add(index, index + 1);
      this.#forgetIfDone(batch);
      const report = { batchId: batch.batchId, job: batch.job, done: done.ranges(), failures: failure === null ? [] : [failure], busyMs };
      this.#unacknowledged.add(report);
      if (this.machine.sparing === true) this.#gather(report, endedAt !== null);
      else this.#transmit([report]);
    }
    this.#work();
  }

  #obey(command: Command): void {
    switch (command.type) {
      case "assign": {
        if (this.#batches.has(command.batchId)) return;
        const waiting = new IndexSet(command.ranges);
        this.#batches.set(command.batchId, { batchId: command.batchId, job: this.#world.jobOf(command.jobId), waiting, left: waiting.count });
        this.#work();
        return;
      }
      case "revoke":
        if (command.unstartedOnly) this.release(command.batchIds);
        else for (const batchId of command.batchIds) this.#drop(batchId);
        return;
      case "grant-lease":
        for (const batchId of command.drop) this.#drop(batchId);
        if (this.machine.sparing === true) this.#toHub(() => this.#world.send({ type: "server-renewed", computeServerId: this.id, slots: this.slots }));
        return;
      case "expire-server": this.loseLink(true); return;
      default: return;
    }
  }

  #drop(batchId: BatchId): void {
    if (!this.#batches.delete(batchId)) return;
    for (const slot of this.#slots) if (slot.segment?.batchId === batchId) slot.stop();
    this.#work();
  }

  /** Idle slots take what waits, in the order in which it came; where there are more slots than batches they share one. */
  #work(): void {
    if (this.frozen) return;
    for (;;) {
      const idle = this.#slots.filter((slot, at) => at < this.slots && slot.isIdle);
      const [slot] = idle;
      const waiting = [...this.#batches.values()].filter((batch) => batch.waiting.count > 0);
      const [batch] = waiting;
      if (slot === undefined || batch === undefined) return;
      const share = Math.ceil(batch.waiting.count / Math.max(1, Math.ceil(idle.length / waiting.length)));
      const indexes: number[] = [];
      for (const [from, to] of batch.waiting.takeFirst(share, share)) for (let index = from; index < to; index++) indexes.push(index);
      slot.begin({ batchId: batch.batchId, job: batch.job, indexes });
    }
  }

  #forgetIfDone(batch: HeldBatch): void {
    if (batch.left === 0) this.#batches.delete(batch.batchId);
  }

  #gather(report: Report, ended: boolean): void {
    this.#gathered.push(report);
    const hasMore = [...this.#batches.values()].some(({ waiting }) => waiting.count > 0);
    const untilMs = this.#world.nowMs + (!ended ? GATHER_MS : hasMore ? GATHER_ENDED_MS : 0);
    if (untilMs >= this.#gatheredUntilMs) return;
    this.#gatheredUntilMs = untilMs;
    this.#world.at(untilMs, () => { if (this.#gatheredUntilMs === untilMs) this.#flush(); });
  }

  #flush(): void {
    this.#gatheredUntilMs = Infinity;
    if (this.frozen || this.#gathered.length === 0) return;
    this.#transmit(this.#gathered);
    this.#gathered = [];
  }

  /** In one frame. */
  #transmit(reports: readonly Report[]): void {
    const { lieShare, saboteur } = this.machine;
    const told = reports.map((report) => {
      const { job, done, failures } = report;
      const said = saboteur === undefined ? undefined : sabotaged(saboteur, this, job, done, failures);
      return { report, said, lies: lieShare > 0 && this.#world.random.next() < lieShare };
    });
    const deliver = () => {
      const events = told.map(({ report: { batchId, job, done, failures, busyMs }, said, lies }) => {
        const outcomes = said ?? toldOutcomes(job, done, failures, lies);
        const event: OutcomesEvent = { type: "outcomes", computeServerId: this.id, batchId, jobId: job.spec.jobId, busyMs, ...outcomes };
        this.#world.sendOutcomes(event, lies);
        return event;
      });
      this.#world.observer.framed?.(events);
      const link = this.#link;
      this.#world.at(this.#down.arrivalMs(this.#world.nowMs + COMMIT_MS), () => {
        if (this.linked && this.#link === link) for (const report of reports) this.#unacknowledged.delete(report);
      });
    };
    this.#toHub(deliver);
    if (this.#up.isDuplicated()) this.#toHub(deliver);
  }

  #toHub(arrive: () => void): void {
    if (!this.linked) return;
    this.#sentAtMs = this.#world.nowMs;
    const link = this.#link;
    this.#world.at(this.#up.arrivalMs(this.#world.nowMs), () => {
      if (this.linked && this.#link === link) arrive();
    });
  }

  #heartbeat(link: number): void {
    const { leaseMs, sparing = false } = this.machine;
    if (leaseMs === Infinity) return;
    const beatMs = leaseMs / HEARTBEATS_PER_LEASE / (sparing ? 2 : 1);
    this.#world.later(beatMs, () => {
      if (!this.linked || this.#link !== link) return;
      const isDue = !sparing || this.#world.nowMs - this.#sentAtMs >= beatMs;
      if (!this.frozen && isDue) this.#toHub(() => this.#world.send({ type: "server-renewed", computeServerId: this.id }));
      this.#heartbeat(link);
    });
  }
}
