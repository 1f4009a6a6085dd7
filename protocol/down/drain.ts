import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";

/** The hub is about to stop: no new batches come; reconnect after this time, with what was finished meanwhile. */
export const drainSchema = z.object({
  type: z.literal("drain"),
  retryAfterMs: z.int().check(z.minimum(0), z.maximum(LIMITS.leaseMs)),
});
