import { jsonToValue, type Json } from "../../protocol/value-json.ts";
import type { Inspect } from "./prepare-job.ts";
import { TriedTaskError, type RunTask } from "./try-job.ts";

// The one door from this page to job code: the sandbox in which it runs everywhere else, too. It comes along when it is
// first needed.

/** Reads modules in a sandbox of this tab. `sandboxOrigin` as the hub tells it. */
export function inspectWith(sandboxOrigin: string | null): Inspect {
  return async (javascript, args, maxInputs) => {
    const { inspectExecutable } = await import("../../worker/host/inspect-executable.ts");
    const { view, inputs } = await inspectExecutable({ source: javascript, args: argsValue(args), maxInputs, sandboxOrigin, hubUrl: location.origin });
    return { view, inputs };
  };
}

/** Runs tasks in a sandbox of this tab. */
export function runTaskWith(sandboxOrigin: string | null): RunTask {
  return async ({ javascript, input, index, taskTimeoutMs }) => {
    const [{ tryTask }, { TaskError }] = await Promise.all([import("../../worker/host/try-task.ts"), import("../../worker/host/task-error.ts")]);
    try {
      return await tryTask({ source: javascript, input, index, taskTimeoutMs, sandboxOrigin, hubUrl: location.origin });
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
      const { message, stack = "", line, column } = error;
      throw new TriedTaskError(`Task ${index} failed: ${message}`, stack, { line, column, message }, { cause: error });
    }
  };
}

function argsValue(args: Json | undefined) {
  return args === undefined ? null : jsonToValue(args);
}
