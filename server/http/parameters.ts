import * as z from "zod/mini";
import { jobStateSchema } from "../../protocol/http/job.ts";
import { accountIdSchema, computeServerIdSchema, executableIdSchema, jobIdSchema } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { HTTP_LIMITS } from "../limits.ts";

// Parameters come as text: read to numbers and lists here, once.

function integer(minimum: number, maximum: number) {
  return z.pipe(z.coerce.number(), z.int().check(z.minimum(minimum), z.maximum(maximum)));
}

export const jobParams = z.object({ jobId: jobIdSchema });
export const computeServerParams = z.object({ computeServerId: computeServerIdSchema });
export const resultParams = z.object({ jobId: jobIdSchema, index: integer(0, LIMITS.jobTasks) });
const credentialId = z.string().check(z.minLength(1), z.maxLength(LIMITS.idMaxChars), z.regex(/^[A-Za-z0-9_-]+$/));
export const accountParams = z.object({ accountId: accountIdSchema });
export const sessionParams = z.object({ sessionId: credentialId });
export const tokenParams = z.object({ tokenId: credentialId });
export const invitationParams = z.object({ invitationId: credentialId });
export const executableParams = z.object({ executableId: executableIdSchema });

const page = {
  q: z.optional(z.string().check(z.maxLength(HTTP_LIMITS.searchChars))),
  tag: z.optional(z.string().check(z.maxLength(LIMITS.tagChars))),
  cursor: z.optional(z.string().check(z.maxLength(HTTP_LIMITS.cursorChars))),
  limit: z.optional(integer(1, HTTP_LIMITS.jobsPerPage)),
};

/** `?state=running,paused` and `?state=running&state=paused` are the same. */
const states = z.pipe(
  z.transform((value: unknown) => (Array.isArray(value) ? value : [value]).flatMap((item) => String(item).split(","))),
  z.array(jobStateSchema).check(z.minLength(1)),
);

export const jobsQuery = z.object({ ...page, state: z.optional(states) });
export const accountsQuery = z.object({ q: page.q, cursor: page.cursor, limit: page.limit });
export const auditQuery = z.object({
  account: z.optional(z.string().check(z.maxLength(LIMITS.ownerMaxChars))),
  action: z.optional(z.string().check(z.maxLength(LIMITS.nameMaxChars))),
  cursor: z.optional(integer(1, Number.MAX_SAFE_INTEGER)),
  limit: page.limit,
});
export const openIdStartQuery = z.object({ next: z.optional(z.string()) });
export const galleryQuery = z.object(page);
export const taskMapQuery = z.object({ buckets: z.optional(integer(1, HTTP_LIMITS.taskMapBuckets)) });
export const resultsQuery = z.object({
  format: z.optional(z.enum(["ndjson", "json", "csv", "msgpack"])),
  from: z.optional(integer(0, LIMITS.jobTasks)),
  to: z.optional(integer(1, LIMITS.jobTasks)),
  failures: z.optional(z.enum(["true", "false"])),
});
