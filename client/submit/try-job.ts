import { encodedInputAt, countInputs } from "./job-inputs.ts";
import { decodeValue, type Value } from "../../protocol/value.ts";
import type { View } from "../../protocol/http/view.ts";
import type { PreparedJob } from "./prepare-job.ts";
import type { SourceProblem } from "./check-source.ts";

/** One task that ran in this tab. */
export interface TriedTask {
  readonly index: number;
  readonly output: Value;
  readonly durationMs: number;
  readonly logs: readonly string[];
  readonly view: View | null;
  /** How many inputs the job has. */
  readonly tasks: number;
}

/** Runs one task in a sandbox of this tab. */
export type RunTask = (task: { readonly javascript: string; readonly input: Uint8Array; readonly index: number; readonly taskTimeoutMs: number }) =>
  Promise<{ readonly output: Uint8Array; readonly durationMs: number; readonly logs: readonly string[] }>;

/** The task that was tried failed: what it threw, and the line where the engine tells it. */
export class TriedTaskError extends Error {
  override readonly name = "TriedTaskError";
  readonly problem: SourceProblem;
  readonly where: string;
  constructor(message: string, where: string, problem: SourceProblem, options?: ErrorOptions) {
    super(message, options);
    this.where = where;
    this.problem = problem;
  }
}

/** Runs the task at `index`, or the last one where there are fewer. Throws TriedTaskError when it fails. */
export async function tryJob(job: PreparedJob, index: number, taskTimeoutMs: number, run: RunTask): Promise<TriedTask> {
  const tasks = countInputs(job.inputs);
  const at = Math.min(Math.max(0, Math.floor(index)), tasks - 1);
  const { output, durationMs, logs } = await run({ javascript: job.javascript, input: encodedInputAt(job.inputs, at), index: at, taskTimeoutMs });
  return { index: at, output: decodeValue(output), durationMs, logs, view: job.view, tasks };
}
