import type { FailureKind } from "../../protocol/up/outcomes.ts";
import { EXECUTABLE_NAME } from "../slot/failure-text.ts";

/** A task, or the module that it stands in, failed when it was tried. Line and column count from 1, where the engine tells them. */
export class TaskError extends Error {
  override readonly name = "TaskError";
  readonly kind: FailureKind;
  readonly line: number | null;
  readonly column: number | null;

  constructor(kind: FailureKind, message: string, stack: string) {
    super(message);
    this.kind = kind;
    this.stack = stack;
    const place = placeInSource(stack);
    this.line = place?.line ?? null;
    this.column = place?.column ?? null;
  }
}

/** The first place in the Executable that a stack names. */
export function placeInSource(stack: string): { line: number; column: number } | null {
  const at = stack.indexOf(`${EXECUTABLE_NAME}:`);
  const match = at < 0 ? null : /^:(\d+):(\d+)/.exec(stack.slice(at + EXECUTABLE_NAME.length));
  return match === null ? null : { line: Number(match[1]), column: Number(match[2]) };
}
