import * as z from "zod/mini";
import { batchIdSchema, computeServerIdSchema, loadBalancerIdSchema, resumeTokenSchema } from "../ids.ts";
import { LIMITS } from "../limits.ts";

/** The registration is done, under this lease. */
export const registeredSchema = z.object({
  type: z.literal("registered"),
  computeServerId: computeServerIdSchema,
  resumeToken: resumeTokenSchema,
  loadBalancerId: loadBalancerIdSchema,
  leaseMs: z.int().check(z.minimum(1), z.maximum(LIMITS.leaseMs)),
  /** Send something at least this often. */
  heartbeatMs: z.int().check(z.minimum(1), z.maximum(LIMITS.leaseMs)),
  /** Of the batches the tab said it holds, those it shall drop: they are no longer its own. */
  drop: z.array(batchIdSchema).check(z.maxLength(LIMITS.reportsPerMessage)),
});
export type Registered = z.infer<typeof registeredSchema>;
