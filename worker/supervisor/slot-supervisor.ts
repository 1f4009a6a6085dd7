import * as Comlink from "comlink";
import { indexAt } from "../batch-positions.ts";
import type { FromSlot, RunOrder, SlotInspection, SlotResults, ToSlot } from "../slot/slot-messages.ts";
import { checkResults } from "./outcome-check.ts";
import type { LoadResult, SlotControl, SlotDeath, SlotListener } from "./slot-control.ts";
import { readSlotMessage } from "./slot-message-check.ts";
import { Watch } from "./watch.ts";

const TICK_MS = 100;
/** The sandbox must be up by then, also on a loaded machine. */
const START_TIMEOUT_MS = 20_000;
/** An Executable's top level may run as long as a task of its job, but within these bounds: compiling takes its time. */
const LOAD_TIMEOUT_LEAST_MS = 5_000;
const LOAD_TIMEOUT_MOST_MS = 30_000;
/** Over the task's own time: messages on their way, and tasks too short to be announced. */
const DEADLINE_GRACE_MS = 150;
/** The frame answers this often, unless its process is gone. */
const HEARTBEAT_MS = 2_000;
const HEARTBEAT_TIMEOUT_MS = 15_000;
/** Messages of one slot in one tick; an honest one sends a few hundred. */
const MESSAGES_PER_TICK = 2_000;
const PROGRESS_MS = 250;
const GONE = "The slot ended, or its process stopped answering, while the task ran. It may have used too much memory.";

/** A run in the slot: what is reported of it, and which task is announced to run. */
interface Running {
  readonly order: RunOrder;
  readonly taskTimeoutMs: number;
  reported: number;
  begun: number;
  sure: boolean;
  toldPosition: number;
  toldAt: number;
  /** Until when the slot's time is accounted for. */
  accountedAt: number;
  /** How much was reported when it rested last. */
  restedAt: number;
}

type Activity =
  | { readonly kind: "starting" }
  | { readonly kind: "idle" }
  | { readonly kind: "loading"; readonly timeoutMs: number; readonly settle: (result: LoadResult) => void }
  | { readonly kind: "inspecting"; readonly timeoutMs: number; readonly settle: (inspection: SlotInspection) => void }
  | ({ readonly kind: "running" } & Running)
  | { readonly kind: "dead" };

/** Stands between a slot and everything trusted: believes nothing that the slot says and waits for nothing without a limit. */
export class SlotSupervisor implements SlotControl {
  readonly #slot: MessagePort;
  readonly #heartbeat: MessagePort;
  readonly #watch = new Watch(performance.now());
  readonly #frameWatch = new Watch(performance.now());
  readonly #timer: ReturnType<typeof setInterval>;
  #listener: SlotListener | null = null;
  #activity: Activity = { kind: "starting" };
  #next: ToSlot | null = null;
  #afterStart: Activity | null = null;
  #messages = 0;
  #pingedAt = 0;

  constructor(slot: MessagePort, heartbeat: MessagePort) {
    this.#slot = slot;
    this.#heartbeat = heartbeat;
    slot.onmessage = ({ data }: MessageEvent<unknown>) => this.#received(data);
    slot.onmessageerror = () => this.#die("slot-died", "The slot sent something that cannot be read");
    heartbeat.onmessage = () => this.#frameWatch.heard(performance.now());
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  listen(listener: SlotListener): void {
    this.#listener = listener;
  }

  load(jobId: string, source: Uint8Array, taskTimeoutMs: number): Promise<LoadResult> {
    const timeoutMs = Math.min(LOAD_TIMEOUT_MOST_MS, Math.max(LOAD_TIMEOUT_LEAST_MS, taskTimeoutMs));
    return new Promise((settle) => this.#start({ kind: "loading", timeoutMs, settle }, { type: "load", jobId, source }));
  }

  run(order: RunOrder, taskTimeoutMs: number): void {
    const running: Activity = { kind: "running", order, taskTimeoutMs, reported: 0, begun: 0, sure: order.careful, toldPosition: -1, toldAt: 0, accountedAt: performance.now(), restedAt: -1 };
    this.#start(running, { type: "run", ...order });
  }

  cancel(run: number): void {
    if (this.#activity.kind === "running" && this.#activity.order.run === run) this.#post({ type: "cancel", run });
  }

  inspect(args: Uint8Array, maxInputs: number): Promise<SlotInspection> {
    return new Promise((settle) => this.#start({ kind: "inspecting", timeoutMs: LOAD_TIMEOUT_MOST_MS, settle }, { type: "inspect", args, maxInputs }));
  }

  #start(activity: Activity, message: ToSlot): void {
    if (this.#activity.kind === "dead") return;
    if (this.#activity.kind === "starting") {
      this.#afterStart = activity;
      this.#next = message;
      return;
    }
    if (this.#activity.kind !== "idle") throw new Error(`Cannot start ${activity.kind}: the slot is ${this.#activity.kind}`);
    this.#activity = activity;
    this.#watch.heard(performance.now());
    this.#frameWatch.heard(performance.now());
    this.#post(message);
  }

  #post(message: ToSlot): void {
    this.#slot.postMessage(message);
  }

  #received(data: unknown): void {
    const activity = this.#activity;
    if (activity.kind === "dead") return;
    const message = readSlotMessage(data);
    if (message === null) return this.#broke("it sent something that is no message");
    if (!goesForward(activity, message) && ++this.#messages > MESSAGES_PER_TICK) return this.#broke("it flooded its supervisor with messages");
    const wrong = this.#handle(activity, message);
    if (wrong !== null) this.#broke(wrong);
  }

  /** Answers how the slot broke the rules, or null. */
  #handle(activity: Activity, message: FromSlot): string | null {
    switch (message.type) {
      case "ready": return this.#ready(activity);
      case "uncaught": return "it threw errors without end that nobody caught";
      case "loaded": case "unreadable":
        if (activity.kind === "loading" || (activity.kind === "running" && message.type === "unreadable")) return this.#loaded(activity, message);
        break;
      case "inspected":
        if (activity.kind !== "inspecting") break;
        this.#activity = { kind: "idle" };
        activity.settle(message);
        return null;
      case "begin": case "rest": case "results": case "telemetry":
        if (activity.kind === "running" && activity.order.run === message.run) return this.#ran(activity, message);
        break;
    }
    return `it sent "${message.type}" while it was ${activity.kind}`;
  }

  #ready(activity: Activity): string | null {
    if (activity.kind !== "starting") return `it sent "ready" while it was ${activity.kind}`;
    this.#activity = { kind: "idle" };
    if (this.#afterStart !== null && this.#next !== null) this.#start(this.#afterStart, this.#next);
    this.#afterStart = null;
    this.#next = null;
    return null;
  }

  #loaded(activity: Activity, message: FromSlot & { type: "loaded" | "unreadable" }): string | null {
    if (activity.kind !== "loading") return "its module became unreadable";
    this.#activity = { kind: "idle" };
    activity.settle(message.type === "loaded" ? { loaded: true, hasDefault: message.hasDefault } : { loaded: false, message: message.message, stack: message.stack });
    return null;
  }

  #ran(running: Running, message: FromSlot & { type: "begin" | "rest" | "results" | "telemetry" }): string | null {
    if (message.type === "results") return this.#results(running, message);
    if (message.type === "rest") return this.#rested(running, message.ms);
    const { position } = message;
    if (position < running.reported || position >= running.order.count) return `it told of task ${position}`;
    if (message.type === "telemetry") this.#tellProgress(running, position, message.fraction, message.logs);
    else return this.#began(running, position, message.sure);
    return null;
  }

  /** Rests are for the CPU share, and between tasks: whoever rests again without having done one only gains time. */
  #rested(running: Running, ms: number): string | null {
    if (running.order.cpuShare >= 1 || running.reported <= running.restedAt) return "it rested when it had no reason to";
    running.restedAt = running.reported;
    this.#watch.heard(performance.now(), ms);
    return null;
  }

  #began(running: Running, position: number, sure: boolean): string | null {
    if (position < running.begun) return `it began task ${position} after ${running.begun}`;
    if (position > running.begun) this.#watch.heard(performance.now()); // the same again is no progress
    running.begun = position;
    running.sure = sure || running.order.careful;
    return null;
  }

  #results(running: Running, message: SlotResults): string | null {
    const checked = checkResults(running.order, running.reported, message);
    if (typeof checked === "string") return checked;
    const now = performance.now();
    const busyMs = Math.min(checked.busyMs, now - running.accountedAt);
    running.accountedAt = now;
    running.reported = checked.reported;
    if (checked.reported > running.begun) {
      running.begun = checked.reported;
      running.sure = running.order.careful;
      this.#watch.heard(now);
    }
    if (checked.ended) this.#activity = { kind: "idle" };
    this.#listener?.outcomes(Comlink.transfer({ ...checked, busyMs }, [checked.outputs.buffer]));
    return null;
  }

  #tellProgress(running: Running, position: number, fraction: number | null, logs: readonly string[]): void {
    running.toldPosition = position;
    running.toldAt = performance.now();
    this.#listener?.progress({ run: running.order.run, index: indexAt(running.order.ranges, position), fraction, logs });
  }

  #tick(): void {
    const now = performance.now();
    this.#messages = 0;
    this.#watch.tick(now);
    this.#frameWatch.tick(now);
    const activity = this.#activity;
    switch (activity.kind) {
      case "dead": case "idle": return;
      case "starting":
        if (this.#watch.silentMs > START_TIMEOUT_MS) this.#die("not-started", "Cannot start the sandbox: its frame did not answer. Look whether a browser extension or a proxy blocks it.");
        return;
      case "loading": case "inspecting":
        if (this.#watch.silentMs > activity.timeoutMs) return this.#die("timeout", `The module ran for ${activity.timeoutMs / 1000} s without an end and was stopped`);
        this.#checkFrame(now);
        return;
      case "running":
        if (this.#watch.silentMs > activity.taskTimeoutMs + DEADLINE_GRACE_MS) return this.#die("timeout", `The task ran for ${activity.taskTimeoutMs / 1000} s without an answer and was stopped`);
        if (activity.begun !== activity.toldPosition && activity.begun < activity.order.count && now - activity.toldAt >= PROGRESS_MS) this.#tellProgress(activity, activity.begun, null, []);
        this.#checkFrame(now);
    }
  }

  #checkFrame(now: number): void {
    if (this.#frameWatch.silentMs > HEARTBEAT_TIMEOUT_MS) return this.#die("slot-died", GONE);
    if (now - this.#pingedAt < HEARTBEAT_MS) return;
    this.#pingedAt = now;
    this.#heartbeat.postMessage(null);
  }

  #broke(how: string): void {
    this.#die("slot-died", `The slot was stopped because ${how}`);
  }

  #die(cause: SlotDeath["cause"], message: string): void {
    const activity = this.#activity;
    if (activity.kind === "dead") return;
    this.#activity = { kind: "dead" };
    clearInterval(this.#timer);
    this.#slot.close();
    this.#heartbeat.close();
    if (activity.kind !== "running") {
      this.#listener?.died({ cause, message, run: null, blamed: null });
      return;
    }
    const { order, begun, sure } = activity;
    const certain = sure || begun === order.count - 1;
    this.#listener?.died({ cause, message, run: order.run, blamed: certain ? Math.min(begun, order.count - 1) : null });
  }
}

/** Begins that go forward are as few as the order has tasks, however short these are: no flood. */
function goesForward(activity: Activity, message: FromSlot): boolean {
  return message.type === "begin" && activity.kind === "running" && message.position > activity.begun;
}
