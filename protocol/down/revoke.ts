import * as z from "zod/mini";
import { batchIdSchema } from "../ids.ts";
import { LIMITS } from "../limits.ts";

/** Take batches back. The tab answers with a release of what it had not begun when `unstartedOnly`, else it drops all silently. */
export const revokeSchema = z.object({
  type: z.literal("revoke"),
  batchIds: z.array(batchIdSchema).check(z.minLength(1), z.maxLength(LIMITS.reportsPerMessage)),
  unstartedOnly: z.boolean(),
  reason: z.string().check(z.maxLength(LIMITS.errorMessageChars)),
});
export type Revoke = z.infer<typeof revokeSchema>;
