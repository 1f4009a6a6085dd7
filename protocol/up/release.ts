import * as z from "zod/mini";
import { batchIdSchema, jobIdSchema } from "../ids.ts";
import { indexRangesSchema } from "../index-range.ts";

/** Gives tasks back that will not be run here: asked for by a revoke, or because the volunteer stops. */
export const releaseSchema = z.object({
  type: z.literal("release"),
  batchId: batchIdSchema,
  jobId: jobIdSchema,
  ranges: indexRangesSchema,
});
