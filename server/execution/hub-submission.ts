import * as z from "zod/mini";
import { jobOptionsSchema } from "../../protocol/http/job-options.ts";
import { submissionSchema } from "../../protocol/http/submission.ts";
import { PLACEMENT_NAMES } from "../../scheduler/placement/policies.ts";

/** The body of `POST /api/jobs` as this hub takes it: what the protocol leaves open, its own policies, is closed here. */
export const hubSubmissionSchema = z.extend(submissionSchema, {
  options: z.optional(z.extend(jobOptionsSchema, { policy: z.optional(z.enum(PLACEMENT_NAMES)) })),
});
