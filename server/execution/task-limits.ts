import { GridError } from "../../protocol/grid-error.ts";
import { JOB_DEFAULTS, type JobLimits, type JobOptions } from "../../protocol/http/job-options.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { AllowedPerTask } from "../limits.ts";

/** What one task of a job may take and give. */
export interface TaskLimits {
  readonly taskTimeoutMs: number;
  readonly outputBytes: number;
  readonly logLines: number;
}

/** The job's own limits within the operator's. Throws GridError "invalid-request" for a job that asks for more, or brings a larger input. */
export function taskLimits({ taskTimeoutMs, limits = {} }: JobOptions, largestInputBytes: number, allowed: AllowedPerTask): TaskLimits {
  mustNotPass("options.taskTimeoutMs", taskTimeoutMs, allowed.longestTaskMs);
  mustNotPass("options.limits.inputBytes", limits.inputBytes, allowed.bytesPerInput);
  mustNotPass("options.limits.outputBytes", limits.outputBytes, allowed.bytesPerOutput);
  mustNotPass("options.limits.logLines", limits.logLines, allowed.logLinesPerTask);
  const inputBytes = limits.inputBytes ?? allowed.bytesPerInput;
  if (largestInputBytes > inputBytes) throw new GridError("invalid-request", `Cannot take this job: an input is ${largestInputBytes} bytes, the limit of one is ${inputBytes}. Cut it into more tasks.`);
  return { taskTimeoutMs: taskTimeoutMs ?? Math.min(JOB_DEFAULTS.taskTimeoutMs, allowed.longestTaskMs), ...givenLimits(limits, allowed) };
}

/** What a stored job's tasks may give; the operator may have lowered it meanwhile. */
export function givenLimits(limits: JobLimits | undefined, allowed: AllowedPerTask): Pick<TaskLimits, "outputBytes" | "logLines"> {
  return {
    outputBytes: Math.max(1, Math.min(limits?.outputBytes ?? LIMITS.valueBytes, allowed.bytesPerOutput)),
    logLines: Math.min(limits?.logLines ?? LIMITS.logLinesPerTask, allowed.logLinesPerTask),
  };
}

function mustNotPass(path: string, asked: number | undefined, most: number): void {
  if (asked !== undefined && asked > most) throw new GridError("invalid-request", `Cannot take this job: ${path} is ${asked}, this hub allows ${most} at most`);
}
