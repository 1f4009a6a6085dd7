import * as z from "zod/mini";
import { outcomesSchema } from "./up/outcomes.ts";
import { progressSchema } from "./up/progress.ts";
import { registerSchema } from "./up/register.ts";
import { releaseSchema } from "./up/release.ts";
import { renewSchema } from "./up/renew.ts";
import { unregisterSchema } from "./up/unregister.ts";

/** Everything that a Compute Server says to its hub. */
export const upSchema = z.discriminatedUnion("type", [
  registerSchema, renewSchema, outcomesSchema, progressSchema, releaseSchema, unregisterSchema,
]);
export type Up = z.infer<typeof upSchema>;
