import * as z from "zod/mini";
import { blobIdSchema } from "./ids.ts";
import { LIMITS } from "./limits.ts";

/**
 * Values over `LIMITS.inlinePayloadBytes` travel as blobs over HTTP. In the packed values such a value is empty
 * (no encoded value is), and this list says where its bytes are.
 */
export const largeValuesSchema = z
  .array(z.object({
    index: z.int().check(z.minimum(0), z.maximum(LIMITS.jobTasks)),
    blobId: blobIdSchema,
    bytes: z.int().check(z.minimum(1), z.maximum(LIMITS.valueBytes)),
  }))
  .check(z.maxLength(LIMITS.batchTasks));
export type LargeValues = z.infer<typeof largeValuesSchema>;
export type LargeValue = LargeValues[number];
