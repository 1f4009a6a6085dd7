import { LIMITS } from "../../protocol/limits.ts";
import { FLUSH_BYTES, FLUSH_FAILURES, INSPECTED_BYTES, MAX_REST_MS, type FromSlot, type PositionFailure, type SlotResults } from "../slot/slot-messages.ts";

// Everything that comes from a slot is judged here, by hand: a schema library would be one more thing between
// hostile data and the check, and this runs on the hot path. Structured clones have no getters, so each read is plain.

/** Packed outputs of one message: a flush, passed by at most one value, and the index of it all. */
const OUTPUTS_BYTES = FLUSH_BYTES + LIMITS.valueBytes + 8 * LIMITS.batchTasks;

/** What the data says, or null when it is no message of a slot. Texts are cut to their limits. */
export function readSlotMessage(data: unknown): FromSlot | null {
  if (typeof data !== "object" || data === null) return null;
  const field = (name: string): unknown => Object.getOwnPropertyDescriptor(data, name)?.value;
  switch (field("type")) {
    case "ready": return { type: "ready" };
    case "uncaught": return { type: "uncaught" };
    case "loaded": return { type: "loaded", hasDefault: field("hasDefault") === true };
    case "unreadable": return { type: "unreadable", ...text(field("message"), field("stack")) };
    case "begin": return begin(field);
    case "results": return results(field);
    case "rest": return rest(field);
    case "telemetry": return telemetry(field);
    case "inspected": return inspected(field);
    default: return null;
  }
}

type Field = (name: string) => unknown;

function begin(field: Field): FromSlot | null {
  const run = count(field("run"));
  const position = count(field("position"));
  const sure = field("sure");
  return run === null || position === null || typeof sure !== "boolean" ? null : { type: "begin", run, position, sure };
}

function rest(field: Field): FromSlot | null {
  const run = count(field("run"));
  const ms = amount(field("ms"));
  return run === null || ms === null || ms > MAX_REST_MS ? null : { type: "rest", run, ms };
}

function results(field: Field): SlotResults | null {
  const run = count(field("run"));
  const from = count(field("from"));
  const tasks = count(field("count"));
  const outputs = bytes(field("outputs"), OUTPUTS_BYTES);
  const failures = list(field("failures"), FLUSH_FAILURES, positionFailure);
  const busyMs = amount(field("busyMs"));
  const ended = field("ended");
  if (run === null || from === null || tasks === null || outputs === null || failures === null || busyMs === null || typeof ended !== "boolean") return null;
  return { type: "results", run, from, count: tasks, outputs, failures, busyMs, ended };
}

function positionFailure(item: unknown): PositionFailure | null {
  if (typeof item !== "object" || item === null) return null;
  const field = (name: string): unknown => Object.getOwnPropertyDescriptor(item, name)?.value;
  const position = count(field("position"));
  const kind = field("kind");
  if (position === null || (kind !== "error" && kind !== "unsupported-value")) return null;
  return { position, kind, ...text(field("message"), field("stack")) };
}

function telemetry(field: Field): FromSlot | null {
  const run = count(field("run"));
  const position = count(field("position"));
  const fraction = field("fraction");
  const logs = list(field("logs"), LIMITS.logLinesPerMessage, (line) => (typeof line === "string" ? line.slice(0, LIMITS.logLineChars) : null));
  if (run === null || position === null || logs === null) return null;
  if (fraction !== null && (typeof fraction !== "number" || !(fraction >= 0 && fraction <= 1))) return null;
  return { type: "telemetry", run, position, fraction, logs };
}

function inspected(field: Field): FromSlot | null {
  const hasDefault = field("hasDefault");
  const truncated = field("truncated");
  const view = field("view") === null ? null : bytes(field("view"), LIMITS.valueBytes);
  const inputs = field("inputs") === null ? null : bytes(field("inputs"), INSPECTED_BYTES + 2 * LIMITS.valueBytes);
  const failure = field("failure");
  if (typeof hasDefault !== "boolean" || typeof truncated !== "boolean") return null;
  if ((view === null && field("view") !== null) || (inputs === null && field("inputs") !== null)) return null;
  if (failure === null) return { type: "inspected", hasDefault, truncated, view, inputs, failure };
  if (typeof failure !== "object") return null;
  const told = text(Object.getOwnPropertyDescriptor(failure, "message")?.value, Object.getOwnPropertyDescriptor(failure, "stack")?.value);
  return { type: "inspected", hasDefault, truncated, view, inputs, failure: told };
}

function text(message: unknown, stack: unknown): { message: string; stack: string } {
  return {
    message: typeof message === "string" ? message.slice(0, LIMITS.errorMessageChars) : "",
    stack: typeof stack === "string" ? stack.slice(0, LIMITS.errorStackChars) : "",
  };
}

function count(candidate: unknown): number | null {
  return typeof candidate === "number" && Number.isSafeInteger(candidate) && candidate >= 0 ? candidate : null;
}

function amount(candidate: unknown): number | null {
  return typeof candidate === "number" && Number.isFinite(candidate) && candidate >= 0 ? candidate : null;
}

function bytes(candidate: unknown, maxBytes: number): Uint8Array | null {
  return candidate instanceof Uint8Array && candidate.byteLength <= maxBytes ? candidate : null;
}

function list<T>(candidate: unknown, maxLength: number, item: (raw: unknown) => T | null): T[] | null {
  if (!Array.isArray(candidate) || candidate.length > maxLength) return null;
  const items: T[] = [];
  for (const raw of candidate) {
    const read = item(raw);
    if (read === null) return null;
    items.push(read);
  }
  return items;
}
