/** What a volunteer's page shows of the Compute Server that runs in it. A new object at every change. */
export interface ComputeServerState {
  readonly phase: "stopped" | "connecting" | "registered" | "paused" | "refused";
  /** Why it is where it is, in words for the volunteer; null when all is well. */
  readonly notice: string | null;
  /** The hub takes only Compute Servers of who has an account, or an invited one: nothing is tried again by itself. */
  readonly signInNeeded: boolean;
  readonly computeServerId: string | null;
  readonly leaseMs: number | null;
  readonly slots: number;
  /** Share of each slot's time that may be used, 0.1..1. */
  readonly cpuShare: number;
  readonly running: readonly RunningTask[];
  readonly queuedTasks: number;
  readonly tasksDone: number;
  readonly tasksFailed: number;
  /** Slot time given since the start, in ms. */
  readonly timeGivenMs: number;
  /** Tasks finished in each of the last 60 seconds, oldest first. */
  readonly history: readonly number[];
  /** Messages of outcomes that the hub has not acknowledged yet. */
  readonly unacknowledged: number;
  /** What this page lacks, for example "No Web Locks: …", for the volunteer to read. */
  readonly missing: readonly string[];
}

export interface RunningTask {
  readonly slot: number;
  readonly jobId: string;
  readonly jobName: string;
  readonly owner: string;
  readonly executableId: string;
  readonly index: number;
  readonly sinceMs: number;
  /** 0..1 where the task tells, else null. */
  readonly fraction: number | null;
}

/** The volunteer's whole control over the Compute Server of this page. */
export interface ComputeServerHandle {
  /** For useSyncExternalStore. */
  subscribe(listener: () => void): () => void;
  state(): ComputeServerState;
  start(): void;
  /** Ends every task within a second and gives all back. */
  stop(): void;
  setSlots(slots: number): void;
  setCpuShare(share: number): void;
  /** The JavaScript of an Executable that was assigned to it. Rejects while it is stopped. */
  executableSource(executableId: string): Promise<string>;
  /** Hold a Web Lock while hidden, so that the browser does not freeze the page; otherwise pause when hidden. */
  setBackground(keepComputing: boolean): void;
}

export interface ComputeServerOptions {
  /** The hub's origin, for example "http://127.0.0.1:8080". */
  readonly hubUrl: string;
  readonly name: string;
  readonly slots: number;
  readonly cpuShare: number;
  readonly keepComputingInBackground: boolean;
  /** An API token for a page without a session. */
  readonly token?: string | undefined;
  /** Memory of the device in MiB, where somebody knows better than the browser tells. */
  readonly memoryMiB?: number | undefined;
  /** Template of the sandbox's origin with "*" for a random label, or null for the hub's own host. */
  readonly sandboxOrigin: string | null;
}
