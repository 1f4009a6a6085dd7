import type { IndexRanges } from "../../protocol/index-range.ts";
import type { FailureKind } from "../../protocol/up/outcomes.ts";

// What crosses the port between a supervisor and its slot. What the slot sends was made beside job code, so the
// supervisor checks every field by hand (supervisor/slot-message-check.ts) and believes none.

/** Where a slot finds the inputs of the tasks that it runs. */
export type SlotInputs =
  | { readonly kind: "range"; readonly start: number; readonly step: number }
  | {
      readonly kind: "values";
      /** Packed values, one a position; empty where the value is a large one. */
      readonly packed: Uint8Array;
      readonly large: ReadonlyMap<number, Uint8Array>;
    };

/** Tasks for a slot, in one message. */
export interface RunOrder {
  /** Counts up within one sandbox. */
  readonly run: number;
  readonly ranges: IndexRanges;
  /** How many indexes the ranges hold. */
  readonly count: number;
  readonly inputs: SlotInputs;
  /** Announce the begin of every task, because a task before was stopped and it is not known which. */
  readonly careful: boolean;
  /** Share of the slot's time that may be used, 0.1..1. */
  readonly cpuShare: number;
  /** One output may take as much, encoded. */
  readonly outputBytes: number;
  /** One task may log as many lines. */
  readonly logLines: number;
}

export type ToSlot =
  | { readonly type: "load"; readonly jobId: string; readonly source: Uint8Array }
  | ({ readonly type: "run" } & RunOrder)
  | { readonly type: "cancel"; readonly run: number }
  /** Reads what the module exports beside its default. `args` is an encoded value. */
  | { readonly type: "inspect"; readonly args: Uint8Array; readonly maxInputs: number };

export interface PositionFailure {
  readonly position: number;
  readonly kind: FailureKind;
  readonly message: string;
  readonly stack: string;
}

/** What became of the tasks at positions `from` to `from + count`. */
export interface SlotResults {
  readonly type: "results";
  readonly run: number;
  readonly from: number;
  readonly count: number;
  /** Packed values of those that did not fail, in order. */
  readonly outputs: Uint8Array;
  readonly failures: readonly PositionFailure[];
  readonly busyMs: number;
  /** Nothing more comes of this run. */
  readonly ended: boolean;
}

/** What an Executable exports beside its default. */
export interface SlotInspection {
  readonly type: "inspected";
  readonly hasDefault: boolean;
  /** Encoded value, or null where there is no `view`. */
  readonly view: Uint8Array | null;
  /** Packed values, or null where there are no `inputs`. */
  readonly inputs: Uint8Array | null;
  /** More inputs were there than asked for, or than fit. */
  readonly truncated: boolean;
  /** Set when `view` or `inputs` threw. */
  readonly failure: { readonly message: string; readonly stack: string } | null;
}

export type FromSlot =
  /** The slot runs and has its port. */
  | { readonly type: "ready" }
  | { readonly type: "loaded"; readonly hasDefault: boolean }
  | { readonly type: "unreadable"; readonly message: string; readonly stack: string }
  /** The task at this position begins; `sure`: so will every later one be announced. */
  | { readonly type: "begin"; readonly run: number; readonly position: number; readonly sure: boolean }
  | SlotResults
  /** The slot sleeps for the sake of its CPU share before the next task. */
  | { readonly type: "rest"; readonly run: number; readonly ms: number }
  | { readonly type: "telemetry"; readonly run: number; readonly position: number; readonly fraction: number | null; readonly logs: readonly string[] }
  /** Job code throws more errors that nobody catches than can be borne. */
  | { readonly type: "uncaught" }
  | SlotInspection;

/** Results flow back this often while a batch runs. */
export const FLUSH_MS = 250;
/** … or when this much has come together. */
export const FLUSH_BYTES = 256 * 1024;
/** … or this many tasks and the few until the next look: no report may have more separate ranges than LIMITS.rangesPerMessage. */
export const FLUSH_TASKS = 4_000;
/** … or this many failures, of LIMITS.failuresPerMessage. */
export const FLUSH_FAILURES = 64;
/** A slot whose tasks are too short to be announced one by one says at least this often how far it is. */
export const ANNOUNCE_MS = 50;
/** The longest rest between two tasks. */
export const MAX_REST_MS = 10_000;
/** Packed inputs that one inspection answers at most. */
export const INSPECTED_BYTES = 256 * 1024 * 1024;
