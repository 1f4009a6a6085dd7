import type { ComputeServerHandle, ComputeServerState } from "../../worker/host/compute-server-state.ts";
import type { SettingsStore } from "../settings/settings-store.ts";
import { defaultSlots } from "../settings/settings.ts";

const SECONDS_OF_HISTORY = 60;

/**
 * The one Compute Server of this tab. It lives above the pages, so that it goes on while its owner looks around, and
 * it is loaded at the first start: a visitor who only looks never downloads it.
 */
export class TabComputeServer {
  readonly #load: () => Promise<ComputeServerHandle>;
  readonly #settings: SettingsStore;
  readonly #listeners = new Set<() => void>();
  #handle: ComputeServerHandle | null = null;
  #loading: Promise<void> | null = null;
  /** False when it was stopped while it was still being loaded. */
  #wanted = false;
  #before: ComputeServerState;

  constructor(settings: SettingsStore, load: () => Promise<ComputeServerHandle>) {
    this.#settings = settings;
    this.#load = load;
    this.#before = stoppedState(chosenSlots(settings), settings.read().cpuShare);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): ComputeServerState => this.#handle?.state() ?? this.#before;

  /** Settles when it is loaded and started, or was found not to be wanted any more, or could not be loaded, which its state tells. */
  start(): Promise<void> {
    this.#wanted = true;
    if (this.#handle !== null) {
      this.#handle.start();
      return Promise.resolve();
    }
    this.#show({ phase: "connecting", notice: null });
    this.#loading ??= this.#loadHandle();
    return this.#loading;
  }

  /** Takes the link up anew, for who has signed in or out meanwhile; a tab that does not compute stays so. */
  restart(): void {
    if (this.#handle === null || this.state().phase === "stopped") return;
    this.#handle.stop();
    this.#handle.start();
  }

  /** The JavaScript of what was assigned to this tab, by the Compute Server's own right to read it. */
  executableSource(executableId: string): Promise<string> {
    return this.#handle?.executableSource(executableId) ?? Promise.reject(new Error("Cannot read the code: this tab does not compute"));
  }

  stop(): void {
    this.#wanted = false;
    if (this.#handle === null) this.#show({ phase: "stopped", notice: null });
    else this.#handle.stop();
  }

  setSlots(slots: number): void {
    this.#settings.change({ slots });
    if (this.#handle === null) this.#show({ slots });
    else this.#handle.setSlots(slots);
  }

  setCpuShare(cpuShare: number): void {
    this.#settings.change({ cpuShare });
    if (this.#handle === null) this.#show({ cpuShare });
    else this.#handle.setCpuShare(cpuShare);
  }

  setBackground(keepComputingInBackground: boolean): void {
    this.#settings.change({ keepComputingInBackground });
    this.#handle?.setBackground(keepComputingInBackground);
  }

  async #loadHandle(): Promise<void> {
    try {
      const handle = await this.#load();
      this.#handle = handle;
      handle.subscribe(() => this.#tell());
      // What its owner changed while it was being loaded.
      handle.setSlots(this.#before.slots);
      handle.setCpuShare(this.#before.cpuShare);
      handle.setBackground(this.#settings.read().keepComputingInBackground);
      if (this.#wanted) handle.start();
      this.#tell();
    } catch (error) {
      this.#show({ phase: "stopped", notice: `${error instanceof Error ? error.message : String(error)}. Try again in a moment.` });
    } finally {
      this.#loading = null;
    }
  }

  #show(changes: Partial<ComputeServerState>): void {
    this.#before = { ...this.#before, ...changes };
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** How many slots its owner chose, or the default of this machine. */
export function chosenSlots(settings: SettingsStore): number {
  return settings.read().slots ?? defaultSlots(navigator.hardwareConcurrency);
}

function stoppedState(slots: number, cpuShare: number): ComputeServerState {
  return {
    phase: "stopped", notice: null, signInNeeded: false, computeServerId: null, leaseMs: null, slots, cpuShare, running: [], queuedTasks: 0,
    tasksDone: 0, tasksFailed: 0, timeGivenMs: 0, history: Array.from({ length: SECONDS_OF_HISTORY }, () => 0), unacknowledged: 0, missing: [],
  };
}
