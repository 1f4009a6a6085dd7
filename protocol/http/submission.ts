import * as z from "zod/mini";
import { executableIdSchema, jobIdSchema } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { jobOptionsSchema } from "./job-options.ts";
import { viewSchema } from "./view.ts";

/** The inputs `start`, `start + step`, … while before `end`. */
export const rangeInputsSchema = z
  .strictObject({ start: z.number(), end: z.number(), step: z.optional(z.number()) })
  .check(z.refine(({ start, end, step = 1 }) => step !== 0 && (end - start) / step > 0, "the range is empty"));

/** Inputs of a job: a list of values (tagged JSON), a numeric range, or lines of JSON. */
export const inputsSchema = z.union([
  // Each takes two characters of the body at least.
  z.array(z.unknown()).check(z.minLength(1), z.maxLength(LIMITS.submissionBytes / 2)),
  z.strictObject({ range: rangeInputsSchema }),
  z.strictObject({ ndjson: z.string().check(z.minLength(1), z.maxLength(LIMITS.submissionBytes)) }),
]);

/** Body of `POST /api/jobs`. */
export const submissionSchema = z.strictObject({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(LIMITS.nameMaxChars)),
  executable: z.union([
    z.strictObject({ source: z.string().check(z.minLength(1), z.maxLength(LIMITS.executableBytes)) }),
    z.strictObject({ id: executableIdSchema }),
  ]),
  inputs: inputsSchema,
  /** What the inputs were made from; kept with the job so that it can be read and repeated. */
  args: z.optional(z.unknown()),
  /** How the result is shown. The hub never runs the Executable, so the submitter says what `view` it exports. */
  view: z.optional(viewSchema),
  options: z.optional(jobOptionsSchema),
});
export type Submission = z.infer<typeof submissionSchema>;

export const submittedSchema = z.object({
  jobId: jobIdSchema,
  url: z.string(),
  resultUrl: z.string(),
  /** What the submitter should know at once, for example that no Load Balancer is there. */
  diagnostic: z.optional(z.string()),
});
export type Submitted = z.infer<typeof submittedSchema>;
