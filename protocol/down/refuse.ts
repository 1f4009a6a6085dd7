import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";

/** Why the link is closed from the hub's side; sent before the close where the link still can carry it. */
export const refuseSchema = z.object({
  type: z.literal("refuse"),
  reason: z.string().check(z.maxLength(LIMITS.errorMessageChars)),
  /** The tab shall load the page anew: its code is older than the hub's. */
  reload: z.boolean(),
  retryAfterMs: z.optional(z.int().check(z.minimum(0), z.maximum(LIMITS.leaseMs))),
});
