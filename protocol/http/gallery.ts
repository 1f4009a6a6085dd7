import * as z from "zod/mini";
import { jobSchema } from "./job.ts";

/** `GET /api/gallery?q=&tag=&cursor=`: public jobs, newest first. */
export const gallerySchema = z.object({
  items: z.array(jobSchema),
  tags: z.array(z.object({ tag: z.string(), count: z.int() })),
  nextCursor: z.nullable(z.string()),
});
export type Gallery = z.infer<typeof gallerySchema>;
