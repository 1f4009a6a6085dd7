import * as z from "zod/mini";
import { jobIdSchema } from "../ids.ts";
import { LIMITS } from "../limits.ts";

const index = z.int().check(z.minimum(0), z.maximum(LIMITS.jobTasks));

/** How far running tasks are, and what job code logged. Neither is kept for ever, nor sent again. */
export const progressSchema = z.object({
  type: z.literal("progress"),
  running: z
    .array(z.object({ jobId: jobIdSchema, index, fraction: z.number().check(z.minimum(0), z.maximum(1)) }))
    .check(z.maxLength(LIMITS.slots)),
  logs: z
    .array(z.object({ jobId: jobIdSchema, index, line: z.string().check(z.maxLength(LIMITS.logLineChars)) }))
    .check(z.maxLength(LIMITS.logLinesPerMessage)),
});
export type Progress = z.infer<typeof progressSchema>;
