import * as z from "zod/mini";

/** RFC 9457 problem details, the body of every error. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** The limit that was passed, under its name in docs/limits.md. */
  limit: z.optional(z.string()),
  /** Where in the request or in the Executable the fault lies. */
  errors: z.optional(z.array(z.object({
    path: z.optional(z.string()),
    message: z.string(),
    line: z.optional(z.int()),
    column: z.optional(z.int()),
  }))),
});
export type Problem = z.infer<typeof problemSchema>;
