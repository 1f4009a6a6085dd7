import * as z from "zod/mini";
import { bytesSchema } from "../bytes.ts";
import { batchIdSchema, jobIdSchema } from "../ids.ts";
import { indexRangesSchema } from "../index-range.ts";
import { largeValuesSchema } from "../large-values.ts";
import { LIMITS } from "../limits.ts";

export const failureKindSchema = z.enum([
  "error", // the task threw
  "timeout", // it ran past the job's time for a task and was stopped
  "slot-died", // its slot stopped answering, or ended, while it ran
  "unreadable-executable", // the module could not be loaded
  "unsupported-value", // its output cannot be carried
]);
export type FailureKind = z.infer<typeof failureKindSchema>;

export const taskFailureSchema = z.object({
  index: z.int().check(z.minimum(0), z.maximum(LIMITS.jobTasks)),
  kind: failureKindSchema,
  message: z.string().check(z.maxLength(LIMITS.errorMessageChars)),
  stack: z.string().check(z.maxLength(LIMITS.errorStackChars)),
});
export type TaskFailure = z.infer<typeof taskFailureSchema>;

/** What became of some tasks of one batch. */
export const outcomeReportSchema = z.object({
  batchId: batchIdSchema,
  jobId: jobIdSchema,
  /** Indexes that gave an output, in the order of `outputs`. */
  done: indexRangesSchema,
  /** Packed values, one an index of `done`. */
  outputs: bytesSchema(LIMITS.packedBytes),
  large: largeValuesSchema,
  failures: z.array(taskFailureSchema).check(z.maxLength(LIMITS.failuresPerMessage)),
  /** Time that slots spent on these tasks. */
  busyMs: z.number().check(z.minimum(0), z.maximum(LIMITS.leaseMs)),
});
export type OutcomeReport = z.infer<typeof outcomeReportSchema>;

/** Results flow back while batches run. The tab keeps the message until its sequence is acknowledged, or sends it again. */
export const outcomesSchema = z.object({
  type: z.literal("outcomes"),
  /** Counts up within one Compute Server, also across reconnects. */
  sequence: z.int().check(z.minimum(1)),
  reports: z.array(outcomeReportSchema).check(z.minLength(1), z.maxLength(LIMITS.reportsPerMessage)),
});
