import * as z from "zod/mini";
import { batchIdSchema, computeServerIdSchema, resumeTokenSchema } from "../ids.ts";
import { LIMITS } from "../limits.ts";

/** First message of a link: who computes here, with what, and for how long it would like to stay registered. */
export const registerSchema = z.object({
  type: z.literal("register"),
  /** Given by a tab that comes back within or after its lease; both or neither. */
  resume: z.optional(z.object({ computeServerId: computeServerIdSchema, resumeToken: resumeTokenSchema })),
  name: z.string().check(z.maxLength(LIMITS.nameMaxChars)),
  slots: z.int().check(z.minimum(0), z.maximum(LIMITS.slots)),
  /** The browser engine and its major version, for example "chromium-156". */
  engine: z.string().check(z.maxLength(LIMITS.capabilityChars)),
  /** What job code may need and not every browser has: see protocol/capabilities.ts. */
  capabilities: z.array(z.string().check(z.maxLength(LIMITS.capabilityChars))).check(z.maxLength(LIMITS.capabilities)),
  /** Memory of the device; null or left out where the browser does not tell. */
  memoryMiB: z.optional(z.nullable(z.int().check(z.minimum(1), z.maximum(LIMITS.memoryMiB)))),
  /** The lease asked for; the hub may grant less. */
  leaseMs: z.int().check(z.minimum(1), z.maximum(LIMITS.leaseMs)),
  /** Batches that a returning tab still holds, running or queued. */
  holding: z.array(batchIdSchema).check(z.maxLength(LIMITS.reportsPerMessage)),
});
export type Register = z.infer<typeof registerSchema>;
