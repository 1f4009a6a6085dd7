import type { IndexRanges } from "../../protocol/index-range.ts";
import type { TaskFailure } from "../../protocol/up/outcomes.ts";
import type { RunOrder, SlotInspection } from "../slot/slot-messages.ts";

// What a supervisor offers to the trusted parts around it, over comlink.

/** Checked outcomes of consecutive tasks of a run. */
export interface RunOutcomes {
  readonly run: number;
  /** How many positions of the run are reported with this, counted from its start. */
  readonly reported: number;
  /** Indexes that gave an output. */
  readonly done: IndexRanges;
  /** Packed values, one an index of `done`, each well-formed. */
  readonly outputs: Uint8Array;
  readonly failures: readonly TaskFailure[];
  readonly busyMs: number;
  /** Nothing more comes of this run. */
  readonly ended: boolean;
}

export interface TaskProgress {
  readonly run: number;
  readonly index: number;
  readonly fraction: number | null;
  readonly logs: readonly string[];
}

/** Why a slot is lost. Its sandbox must be removed; what it had not reported runs elsewhere. */
export interface SlotDeath {
  /** `not-started`: the sandbox never came up, which is no task's fault. */
  readonly cause: "not-started" | "timeout" | "slot-died";
  readonly message: string;
  readonly run: number | null;
  /** Position of the task that is to blame, or null where the first of several unreported ones may be. */
  readonly blamed: number | null;
}

export interface SlotListener {
  outcomes(outcomes: RunOutcomes): void;
  progress(progress: TaskProgress): void;
  died(death: SlotDeath): void;
}

export type LoadResult = { readonly loaded: true; readonly hasDefault: boolean } | { readonly loaded: false; readonly message: string; readonly stack: string };

export interface SlotControl {
  /** First call. The listener is a comlink proxy. */
  listen(listener: SlotListener): void;
  /** Loads an Executable, once; its top level may run as long as a task, within bounds. Never settles when the slot dies meanwhile: race it with `died`. */
  load(jobId: string, source: Uint8Array, taskTimeoutMs: number): Promise<LoadResult>;
  /** Runs tasks; what comes of them goes to the listener. One run at a time. */
  run(order: RunOrder, taskTimeoutMs: number): void;
  /** Ends the run before its next task. */
  cancel(run: number): void;
  /** Reads the module's other exports. Never settles when the slot dies meanwhile. */
  inspect(args: Uint8Array, maxInputs: number): Promise<SlotInspection>;
}

/** To the slot, to the frame's heartbeat, and to whoever commands. */
export interface SupervisorPorts {
  readonly slot: MessagePort;
  readonly heartbeat: MessagePort;
  readonly control: MessagePort;
}

export interface SupervisorApi {
  /** First and only call. The ports are transferred. */
  connect(ports: SupervisorPorts): void;
}
