import type { BatchId, ComputeServerId, JobId } from "../protocol/ids.ts";
import type { TaskFailure } from "../protocol/up/outcomes.ts";
import type { Command } from "./command.ts";
import { IndexSet } from "./index-set.ts";
import type { FakeWorld } from "./fake-world.ts";

/** Results are sent when a batch ends, and at least this often. */
const FLUSH_MS = 250;

/** When a link that died without a word is found dead at the latest. */
const DEAD_LINK_MS = 60_000;

interface FakeBatch {
  readonly batchId: BatchId;
  readonly jobId: JobId;
  readonly todo: number[];
  readonly running: Set<number>;
  readonly done: IndexSet;
  failures: TaskFailure[];
  busyMs: number;
}

interface Report {
  readonly batchId: BatchId;
  readonly jobId: JobId;
  readonly done: IndexSet;
  readonly failures: readonly TaskFailure[];
  readonly busyMs: number;
}

/** A tab as the scheduler's tests know it: runs tasks in virtual time, loses its link, is reloaded, comes back. */
export class FakeServer {
  readonly id: ComputeServerId;
  readonly speed: number;
  readonly leaseMs: number;
  slots: number;
  linked = false;
  readonly batches = new Map<BatchId, FakeBatch>();
  busySlots = 0;
  readonly #world: FakeWorld;
  readonly #sent: Report[] = [];
  /** What was begun before a reload or a lost link is void after it. */
  #page = 0;
  #link = 0;
  #flushDue = false;

  constructor(world: FakeWorld, id: ComputeServerId, slots: number, speed: number, leaseMs: number) {
    this.#world = world;
    this.id = id;
    this.slots = slots;
    this.speed = speed;
    this.leaseMs = leaseMs;
  }

  register(): void {
    this.linked = true;
    const link = ++this.#link;
    const holding = [...this.batches.keys()];
    this.#world.later(this.#world.latencyMs, () => {
      if (this.#link !== link) return;
      this.#world.send({
        type: "server-registered", computeServerId: this.id, name: "fake", engine: "fake-1", slots: this.slots, leaseMs: this.leaseMs, holding,
      });
      // What was sent before is sent again, for its acknowledgement may be what was lost.
      for (const report of this.#sent.splice(0)) this.#transmit(report);
      this.#flush();
      this.#heartbeat(link);
    });
  }

  /** The link is gone. The hub hears of it where `noticed`, else its lease must tell, or where that never ends the system's own timeout. */
  loseLink(noticed: boolean): void {
    if (!this.linked) return;
    this.linked = false;
    this.#link++;
    if (noticed || this.leaseMs === Infinity) this.#world.later(noticed ? 0 : DEAD_LINK_MS, () => { if (!this.linked) this.#world.send({ type: "server-disconnected", computeServerId: this.id }); });
  }

  /** The page is loaded anew: nothing is left of what it held. */
  reload(): void {
    this.#page++;
    this.batches.clear();
    this.#sent.length = 0;
    this.busySlots = 0;
  }

  leave(): void {
    if (!this.linked) return;
    this.reload();
    this.#world.send({ type: "server-unregistered", computeServerId: this.id });
    this.loseLink(false);
  }

  setSlots(slots: number): void {
    this.slots = slots;
    if (this.linked) this.#world.send({ type: "server-renewed", computeServerId: this.id, slots });
    this.#work();
  }

  /** Gives back what it has not begun. */
  releaseUnstarted(batchIds: Iterable<BatchId>): void {
    for (const batchId of [...batchIds]) {
      const batch = this.batches.get(batchId);
      if (batch === undefined || batch.todo.length === 0) continue;
      const ranges = setOf(batch.todo.splice(0)).ranges();
      if (batch.running.size === 0) this.#finish(batch);
      this.#toHub(() => this.#world.send({ type: "released", computeServerId: this.id, batchId, jobId: batch.jobId, ranges }));
    }
  }

  /** A command of the hub arrives, unless the link is lost on its way. */
  receive(command: Command): void {
    const link = this.#link;
    this.#world.later(this.#world.latencyMs, () => {
      if (this.linked && this.#link === link) this.#obey(command);
    });
  }

  #obey(command: Command): void {
    if (command.type === "assign") {
      const todo = command.ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i));
      this.batches.set(command.batchId, {
        batchId: command.batchId, jobId: command.jobId, todo, running: new Set(), done: new IndexSet(), failures: [], busyMs: 0,
      });
      this.#work();
    } else if (command.type === "revoke" && command.unstartedOnly) {
      this.releaseUnstarted(command.batchIds);
    } else if (command.type === "revoke") {
      for (const batchId of command.batchIds) this.#drop(batchId);
    } else if (command.type === "grant-lease") {
      for (const batchId of command.drop) this.#drop(batchId);
    }
  }

  #drop(batchId: BatchId): void {
    const batch = this.batches.get(batchId);
    if (batch === undefined) return;
    this.batches.delete(batchId);
    this.busySlots -= batch.running.size;
    batch.running.clear();
    this.#work();
  }

  #work(): void {
    for (const batch of this.batches.values()) {
      while (this.busySlots < this.slots && batch.todo.length > 0) {
        const index = batch.todo.shift();
        if (index !== undefined) this.#run(batch, index);
      }
    }
  }

  #run(batch: FakeBatch, index: number): void {
    const page = this.#page;
    const takesMs = this.#world.taskMs(batch.jobId, index) / this.speed;
    this.busySlots++;
    batch.running.add(index);
    this.#world.later(takesMs, () => {
      if (this.#page !== page || !batch.running.delete(index)) return;
      this.busySlots--;
      batch.busyMs += takesMs;
      const failure = this.#world.fails(batch.jobId, index);
      if (failure === null) batch.done.add(index, index + 1);
      else batch.failures.push(failure);
      if (batch.todo.length === 0 && batch.running.size === 0) this.#finish(batch);
      else this.#flushSoon(page);
      this.#work();
    });
  }

  #finish(batch: FakeBatch): void {
    this.batches.delete(batch.batchId);
    this.#report(batch);
  }

  #flushSoon(page: number): void {
    if (this.#flushDue) return;
    this.#flushDue = true;
    this.#world.later(FLUSH_MS, () => {
      this.#flushDue = false;
      if (this.#page === page) this.#flush();
    });
  }

  #flush(): void {
    for (const batch of this.batches.values()) this.#report(batch);
  }

  #report(batch: FakeBatch): void {
    if (batch.done.count === 0 && batch.failures.length === 0) return;
    const { batchId, jobId, failures, busyMs } = batch;
    this.#transmit({ batchId, jobId, done: new IndexSet(batch.done.ranges()), failures, busyMs });
    for (const [from, to] of batch.done.ranges()) batch.done.remove(from, to);
    batch.failures = [];
    batch.busyMs = 0;
  }

  #transmit(report: Report): void {
    this.#sent.push(report);
    const { batchId, jobId, done, failures, busyMs } = report;
    this.#toHub(() => this.#world.send({
      type: "outcomes", computeServerId: this.id, batchId, jobId, done: done.ranges(), failures: [...failures], busyMs,
    }));
  }

  #toHub(arrive: () => void): void {
    const link = this.#link;
    this.#world.later(this.#world.latencyMs, () => {
      if (this.linked && this.#link === link) arrive();
    });
  }

  #heartbeat(link: number): void {
    if (this.leaseMs === Infinity) return;
    this.#world.later(this.leaseMs / 3, () => {
      if (!this.linked || this.#link !== link) return;
      this.#world.send({ type: "server-renewed", computeServerId: this.id });
      this.#heartbeat(link);
    });
  }
}

function setOf(indexes: readonly number[]): IndexSet {
  return new IndexSet(indexes.map((index) => [index, index + 1] as const));
}
