import * as z from "zod/mini";
import { bytesSchema } from "../bytes.ts";
import { batchIdSchema, executableIdSchema, jobIdSchema } from "../ids.ts";
import { indexRangesSchema } from "../index-range.ts";
import { largeValuesSchema } from "../large-values.ts";
import { LIMITS } from "../limits.ts";

/** Where the inputs of a batch come from. */
export const batchInputsSchema = z.discriminatedUnion("kind", [
  /** The input of index i is `start + i * step`. */
  z.object({ kind: z.literal("range"), start: z.number(), step: z.number() }),
  /** Packed values, one an index of the batch, in order. */
  z.object({ kind: z.literal("values"), packed: bytesSchema(LIMITS.packedBytes), large: largeValuesSchema }),
]);
export type BatchInputs = z.infer<typeof batchInputsSchema>;

/** Run these tasks: a batch. Slots take tasks of batches in the order in which batches came. */
export const assignSchema = z.object({
  type: z.literal("assign"),
  batchId: batchIdSchema,
  jobId: jobIdSchema,
  jobName: z.string().check(z.maxLength(LIMITS.nameMaxChars)),
  owner: z.string().check(z.maxLength(LIMITS.ownerMaxChars)),
  executableId: executableIdSchema,
  ranges: indexRangesSchema,
  inputs: batchInputsSchema,
  /** One task may run this long. */
  taskTimeoutMs: z.int().check(z.minimum(1), z.maximum(LIMITS.taskTimeoutMs)),
  /** One output may take as much, encoded; left out: LIMITS.valueBytes. */
  outputBytes: z.optional(z.int().check(z.minimum(1), z.maximum(LIMITS.valueBytes))),
  /** One task may log as many lines; left out: LIMITS.logLinesPerTask. */
  logLines: z.optional(z.int().check(z.minimum(0), z.maximum(LIMITS.logLinesPerTask))),
});
export type Assign = z.infer<typeof assignSchema>;
