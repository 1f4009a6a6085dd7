import * as z from "zod/mini";

/** The volunteer stops: the lease ends now, and what this Compute Server held is assigned again. */
export const unregisterSchema = z.object({ type: z.literal("unregister") });
