import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";

/** Keeps the lease alive when nothing else is said, and tells when the volunteer changes the slots. Any frame renews. */
export const renewSchema = z.object({
  type: z.literal("renew"),
  slots: z.int().check(z.minimum(0), z.maximum(LIMITS.slots)),
});
