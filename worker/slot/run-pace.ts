import type { DutyCycle } from "./duty-cycle.ts";
import type { RunReport } from "./run-report.ts";
import { ANNOUNCE_MS, FLUSH_MS, type RunOrder } from "./slot-messages.ts";
import type { SlotRealm } from "./task-runner.ts";

/** Tasks longer than this are announced one by one: a message costs some microseconds. */
const ANNOUNCED_TASK_MS = 0.5;
/** Shorter ones are looked at in groups, because reading the clock costs something too. */
const TASKS_PER_LOOK = 8;

/** How long a task of this slot's job takes, kept from run to run. Nothing is known at first. */
export class TaskTime {
  #meanMs = Infinity;

  get isLong(): boolean {
    return this.#meanMs >= ANNOUNCED_TASK_MS;
  }

  learn(taskMs: number): void {
    this.#meanMs = Number.isFinite(this.#meanMs) ? 0.75 * this.#meanMs + 0.25 * taskMs : taskMs;
  }

  /** A task is seen to take long before it has ended. */
  sawLong(): void {
    this.#meanMs = Math.max(this.#meanMs, 4 * ANNOUNCED_TASK_MS);
  }
}

/**
 * Decides, between the tasks of one run, when to look at the clock, flush results, rest, and announce which task begins.
 * The supervisor must be able to name the task that hangs: what is announced as `sure` holds until the next announcement,
 * so the change to not announcing every task is itself announced.
 */
export class RunPace {
  readonly #order: RunOrder;
  readonly #realm: SlotRealm;
  readonly #report: RunReport;
  readonly #taskTime: TaskTime;
  readonly #duty: DutyCycle;
  #lookedAt: number;
  #looked = 0;
  #flushedAt: number;
  #toldAt: number;
  #told = -1;
  #toldSure = false;

  constructor(order: RunOrder, realm: SlotRealm, report: RunReport, taskTime: TaskTime, duty: DutyCycle) {
    this.#order = order;
    this.#realm = realm;
    this.#report = report;
    this.#taskTime = taskTime;
    this.#duty = duty;
    this.#lookedAt = realm.now();
    this.#flushedAt = this.#lookedAt;
    this.#toldAt = this.#lookedAt;
  }

  /** Whether `look` must be called before the task at this position. */
  isDue(position: number): boolean {
    return this.#order.careful || this.#toldSure || this.#taskTime.isLong || position - this.#looked >= TASKS_PER_LOOK;
  }

  /** Looks at the clock before the task at this position. Answers how long to rest first. */
  look(position: number): number {
    const tasks = position - this.#looked;
    const at = this.#realm.now();
    const tookMs = at - this.#lookedAt;
    if (tasks > 0) this.#taskTime.learn(tookMs / tasks);
    this.#report.busy(tookMs);
    this.#looked = position;
    this.#lookedAt = at;
    const restMs = this.#duty.worked(tookMs, this.#order.cpuShare);
    if (at - this.#flushedAt >= FLUSH_MS || this.#report.isFull || restMs > 0) this.flush();
    return restMs;
  }

  /** Sleeps. What it costs counts neither as work nor as the next task's time. */
  async rest(ms: number): Promise<void> {
    this.#realm.post({ type: "rest", run: this.#order.run, ms });
    await this.#realm.sleep(ms);
    this.#lookedAt = this.#realm.now();
    this.#toldAt = -Infinity; // the supervisor's count of the next task's time begins now
  }

  /** Tells that the task at this position begins, where that is due. */
  announce(position: number): void {
    const sure = this.#order.careful || this.#taskTime.isLong;
    if (!sure && !this.#toldSure && this.#lookedAt - this.#toldAt < ANNOUNCE_MS) return;
    this.#tell(position, sure);
  }

  /** The task at this position waits, and the event loop is free: nothing of what is done must wait with it. */
  idle(position: number): void {
    this.flush();
    this.#taskTime.sawLong();
    if (this.#told !== position || !this.#toldSure) this.#tell(position, true);
  }

  flush(): void {
    this.#report.flush(false);
    this.#flushedAt = this.#realm.now();
  }

  #tell(position: number, sure: boolean): void {
    this.#realm.post({ type: "begin", run: this.#order.run, position, sure });
    this.#toldAt = this.#realm.now();
    this.#told = position;
    this.#toldSure = sure;
  }
}
