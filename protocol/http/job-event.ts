import * as z from "zod/mini";
import { jobSchema } from "./job.ts";

/**
 * Server-sent events of `GET /api/jobs/{id}/events`. The event's name is `type`, its data the JSON of the rest, and
 * its id resumes by `Last-Event-ID`. `results` tells which indexes became readable: a viewer asks for what it shows.
 */
export const jobEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("job"), job: jobSchema }),
  z.object({ type: z.literal("results"), ranges: z.array(z.tuple([z.int(), z.int()])) }),
  z.object({ type: z.literal("log"), index: z.int(), line: z.string() }),
]);
export type JobEvent = z.infer<typeof jobEventSchema>;
