import * as Comlink from "comlink";
import type { LinkApi, LinkHost, LinkState, OpenedSandbox } from "../link/link-api.ts";
import { BackgroundLock } from "./background.ts";
import type { ComputeServerHandle, ComputeServerOptions, ComputeServerState } from "./compute-server-state.ts";
import { missingFeatures } from "./missing.ts";
import { ResumeMemory } from "./resume-memory.ts";
import { openSlotFrame, type SlotFrame } from "./slot-frame.ts";

/** Frames and link worker are gone by then, whatever they do. */
const STOP_MS = 900;

/** The Compute Server of this page. Nothing runs before `start`. */
export function createComputeServer(options: ComputeServerOptions): ComputeServerHandle {
  return new ComputeServer(options);
}

class ComputeServer implements ComputeServerHandle {
  readonly #options: ComputeServerOptions;
  readonly #memory: ResumeMemory;
  readonly #lock = new BackgroundLock();
  readonly #listeners = new Set<() => void>();
  #state: ComputeServerState;
  #slots: number;
  #cpuShare: number;
  #keepsComputing: boolean;
  #session: Session | null = null;
  #stopped: Promise<void> = Promise.resolve();

  constructor(options: ComputeServerOptions) {
    this.#options = options;
    this.#memory = new ResumeMemory(options.hubUrl);
    this.#slots = options.slots;
    this.#cpuShare = options.cpuShare;
    this.#keepsComputing = options.keepComputingInBackground;
    this.#state = {
      phase: "stopped", notice: null, signInNeeded: false, computeServerId: null, leaseMs: null, slots: options.slots, cpuShare: options.cpuShare, running: [], queuedTasks: 0,
      tasksDone: 0, tasksFailed: 0, timeGivenMs: 0, history: [], unacknowledged: 0, missing: missingFeatures(),
    };
    document.addEventListener("visibilitychange", () => this.#visibilityChanged());
  }

  // Arrow functions: React takes them off the handle.
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): ComputeServerState => this.#state;

  start(): void {
    if (this.#session !== null) return;
    const session = new Session(this.#options, this.#memory, (state) => {
      if (this.#session === session) this.#show(state);
    });
    this.#session = session;
    this.#change({ phase: "connecting", notice: null, signInNeeded: false });
    this.#holdLock();
    // What was before says its unregister first: it is the same Compute Server to the hub.
    void this.#stopped.then(() => {
      if (this.#session === session) session.start(this.#activeSlots(), this.#cpuShare);
    });
  }

  stop(): void {
    const session = this.#session;
    if (session === null) return;
    this.#session = null;
    this.#lock.release();
    this.#change({ phase: "stopped", notice: null, signInNeeded: false, running: [], queuedTasks: 0, leaseMs: null });
    this.#stopped = session.stop();
  }

  setSlots(slots: number): void {
    this.#slots = slots;
    this.#change({ slots });
    this.#session?.setSlots(this.#activeSlots());
  }

  setCpuShare(cpuShare: number): void {
    this.#cpuShare = cpuShare;
    this.#change({ cpuShare });
    this.#session?.setCpuShare(cpuShare);
  }

  executableSource(executableId: string): Promise<string> {
    if (this.#session === null) return Promise.reject(new Error("Cannot read the code: this tab does not compute any more"));
    return this.#session.executableSource(executableId);
  }

  setBackground(keepComputing: boolean): void {
    this.#keepsComputing = keepComputing;
    this.#visibilityChanged();
  }

  get #isPaused(): boolean {
    return document.hidden && !this.#keepsComputing;
  }

  #activeSlots(): number {
    return this.#isPaused ? 0 : this.#slots;
  }

  #visibilityChanged(): void {
    if (this.#session === null) return;
    this.#holdLock();
    this.#session.setSlots(this.#activeSlots());
    if (this.#state.phase === "registered" || this.#state.phase === "paused") this.#change(this.#isPaused ? PAUSED : { phase: "registered", notice: null });
  }

  #holdLock(): void {
    if (this.#keepsComputing) this.#lock.hold();
    else this.#lock.release();
  }

  #show(state: LinkState): void {
    const paused = this.#isPaused && state.phase === "registered" ? PAUSED : {};
    this.#change({ ...state, slots: this.#slots, cpuShare: this.#cpuShare, ...paused });
  }

  #change(change: Partial<ComputeServerState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

const PAUSED = { phase: "paused", notice: "Paused while this page is hidden." } as const;

/** One start to one stop: the link worker and the frames that it asked for. */
class Session {
  readonly #options: ComputeServerOptions;
  readonly #memory: ResumeMemory;
  readonly #show: (state: LinkState) => void;
  readonly #worker: Worker;
  readonly #link: Comlink.Remote<LinkApi>;
  readonly #frames = new Map<number, SlotFrame>();
  #opened = 0;
  readonly #stopping = new AbortController();

  constructor(options: ComputeServerOptions, memory: ResumeMemory, show: (state: LinkState) => void) {
    this.#options = options;
    this.#memory = memory;
    this.#show = show;
    this.#worker = new Worker(new URL("../link/link-worker.ts", import.meta.url), { type: "module", name: "manyhands link" });
    this.#worker.addEventListener("error", ({ message }) => console.error("The link worker failed:", message));
    this.#link = Comlink.wrap<LinkApi>(this.#worker);
  }

  start(slots: number, cpuShare: number): void {
    const { hubUrl, name, memoryMiB = null, token = null } = this.#options;
    const host: LinkHost = {
      openSandbox: () => this.#open(),
      closeSandbox: (sandboxId) => this.#close(sandboxId),
      stateChanged: (state) => {
        if (!this.#stopping.signal.aborted) this.#show(state);
      },
      remember: (identity) => this.#memory.remember(identity),
      reload: () => {
        const may = this.#memory.mayReload();
        if (may) location.reload();
        return may;
      },
    };
    this.#guard(this.#link.start({ hubUrl, token, name, slots, cpuShare, memoryMiB, resume: this.#memory.identity }, Comlink.proxy(host)));
  }

  setSlots(slots: number): void {
    this.#guard(this.#link.setSlots(slots));
  }

  setCpuShare(share: number): void {
    this.#guard(this.#link.setCpuShare(share));
  }

  executableSource(executableId: string): Promise<string> {
    return this.#link.executableSource(executableId);
  }

  /** Every task ends at once, with its frame; the link worker gets a moment to send what was finished. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const sandboxId of this.#frames.keys()) this.#close(sandboxId);
    const over = new Promise<void>((resolve) => { setTimeout(resolve, STOP_MS); });
    try {
      await Promise.race([this.#link.stop(), over]);
    } catch (error) {
      console.error("Cannot stop the link in order:", error);
    }
    this.#worker.terminate();
  }

  async #open(): Promise<OpenedSandbox> {
    const frame = await openSlotFrame(this.#options, this.#stopping.signal);
    const sandboxId = ++this.#opened;
    this.#frames.set(sandboxId, frame);
    return Comlink.transfer({ sandboxId, control: frame.control }, [frame.control]);
  }

  #close(sandboxId: number): void {
    this.#frames.get(sandboxId)?.remove();
    this.#frames.delete(sandboxId);
  }

  #guard(call: Promise<void>): void {
    call.catch((error: unknown) => console.error("The link worker failed:", error));
  }
}
