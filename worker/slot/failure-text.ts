import { LIMITS } from "../../protocol/limits.ts";

export interface FailureText {
  readonly message: string;
  readonly stack: string;
}

/** What the engine put into a stack in place of the job's file: a blob URL that means nothing to the submitter. */
const BLOB_URL = /blob:[^\s)]*?(?=:\d+:\d+|[\s)]|$)/g;
export const EXECUTABLE_NAME = "executable.js";

/**
 * Words for whatever job code threw, without this slot's own frames (those that name `slotUrl`). What was thrown may
 * be hostile: its getters and its toString may throw in turn.
 */
export function failureText(thrown: unknown, slotUrl: string): FailureText {
  try {
    if (!(thrown instanceof Error)) return { message: `Thrown: ${String(thrown)}`.slice(0, LIMITS.errorMessageChars), stack: "" };
    const [name, text, trace] = ["name", "message", "stack"].map((property) => String(Reflect.get(thrown, property) ?? ""));
    const message = name === "Error" && text !== undefined && text !== "" ? text : `${name}: ${text}`;
    const stack = (trace ?? "")
      .split("\n")
      .filter((line) => slotUrl === "" || !line.includes(slotUrl))
      .join("\n")
      .replace(BLOB_URL, EXECUTABLE_NAME);
    return { message: message.slice(0, LIMITS.errorMessageChars), stack: stack.slice(0, LIMITS.errorStackChars) };
  } catch (error) {
    return { message: `Thrown: something whose message cannot be read (${typeof error})`, stack: "" };
  }
}
