import * as z from "zod/mini";
import { executableIdSchema } from "../ids.ts";

/** Answer of `PUT /api/executables/{sha256}`. */
export const executableSchema = z.object({
  executableId: executableIdSchema,
  owner: z.string(),
  bytes: z.int(),
  /** Unix ms. */
  createdAt: z.number(),
});
export type Executable = z.infer<typeof executableSchema>;
