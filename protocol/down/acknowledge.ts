import * as z from "zod/mini";

/** All messages of outcomes up to this sequence are on disk (or were not wanted any more): forget them. */
export const acknowledgeSchema = z.object({
  type: z.literal("acknowledge"),
  upTo: z.int().check(z.minimum(1)),
});
