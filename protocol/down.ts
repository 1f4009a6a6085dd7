import * as z from "zod/mini";
import { acknowledgeSchema } from "./down/acknowledge.ts";
import { assignSchema } from "./down/assign.ts";
import { drainSchema } from "./down/drain.ts";
import { refuseSchema } from "./down/refuse.ts";
import { registeredSchema } from "./down/registered.ts";
import { revokeSchema } from "./down/revoke.ts";

/** Everything that a hub says to a Compute Server. */
export const downSchema = z.discriminatedUnion("type", [
  registeredSchema, assignSchema, acknowledgeSchema, revokeSchema, drainSchema, refuseSchema,
]);
export type Down = z.infer<typeof downSchema>;
