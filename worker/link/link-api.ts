import type { ComputeServerState } from "../host/compute-server-state.ts";

// Between the page and its link worker, over comlink, both trusted.

/** Proof of who this tab was before, so that a reload comes back as the same Compute Server. */
export interface ResumeIdentity {
  readonly computeServerId: string;
  readonly resumeToken: string;
}

export interface LinkOptions {
  readonly hubUrl: string;
  /** An API token; null where the browser's own session, or nobody, stands for this Compute Server. */
  readonly token: string | null;
  readonly name: string;
  readonly slots: number;
  readonly cpuShare: number;
  /** Memory of the device where the page was told; null: as the browser tells. */
  readonly memoryMiB: number | null;
  readonly resume: ResumeIdentity | null;
}

/** What the link worker knows of the page's state; the page adds what only it knows. */
export type LinkState = Omit<ComputeServerState, "missing">;

type Answer<T> = T | Promise<T>;

/** What the page does for its link worker. Across the border every answer is a promise. */
export interface LinkHost {
  /** Makes a frame with a supervisor and a slot; answers the port to the supervisor. */
  openSandbox(): Promise<OpenedSandbox>;
  closeSandbox(sandboxId: number): Answer<void>;
  stateChanged(state: LinkState): Answer<void>;
  remember(identity: ResumeIdentity | null): Answer<void>;
  /** The hub asks for a newer page; answers false when a reload was tried already. */
  reload(): Answer<boolean>;
}

export interface OpenedSandbox {
  readonly sandboxId: number;
  readonly control: MessagePort;
}

export interface LinkApi {
  /** First call. The host is a comlink proxy. */
  start(options: LinkOptions, host: LinkHost): void;
  setSlots(slots: number): void;
  setCpuShare(share: number): void;
  /** The JavaScript of an Executable that was assigned to this Compute Server. */
  executableSource(executableId: string): Promise<string>;
  /** Sends what is finished, gives the rest back and unregisters; settles when that has left, or its time is over. */
  stop(): Promise<void>;
}
