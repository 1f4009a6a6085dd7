import * as z from "zod/mini";

/** One line of `GET /api/jobs/{id}/results`: an output (tagged JSON), or with `?failures=true` a failed task's error. */
export const resultLineSchema = z.union([
  z.object({ index: z.int(), output: z.unknown() }),
  z.object({ index: z.int(), error: z.object({ message: z.string(), stack: z.string() }) }),
]);
export type ResultLine = z.infer<typeof resultLineSchema>;
