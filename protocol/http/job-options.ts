import * as z from "zod/mini";
import { CAPABILITIES } from "../capabilities.ts";
import { LIMITS } from "../limits.ts";
import { compareSchema, verificationSchema } from "./verification.ts";
import { visibilitySchema } from "./sharing.ts";

/** What a Compute Server must have declared of itself to run a job. */
export const requirementsSchema = z.strictObject({
  /** Memory of the device that its browser tells of. One that tells nothing does not fit. */
  memoryMiB: z.optional(z.int().check(z.minimum(1), z.maximum(LIMITS.memoryMiB))),
  capabilities: z.optional(z.array(z.enum(CAPABILITIES)).check(z.maxLength(LIMITS.capabilities))),
  /** "chromium", "firefox" or "webkit": any version; "chromium-120": that one or a newer. */
  engine: z.optional(z.string().check(z.regex(/^(chromium|firefox|webkit)(-[0-9]{1,4})?$/))),
});
export type Requirements = z.infer<typeof requirementsSchema>;

/** For a page or a terminal, for example "wasm-simd, 2048 MiB of memory". */
export function requirementsInWords({ capabilities = [], memoryMiB, engine }: Requirements): string {
  return [
    ...capabilities, ...(engine === undefined ? [] : [engine]), ...(memoryMiB === undefined ? [] : [`${memoryMiB} MiB of memory`]),
  ].join(", ");
}

/** What one task of a job may take and give, within what the hub's operator allows. */
export const jobLimitsSchema = z.strictObject({
  /** One input, encoded, in bytes. */
  inputBytes: z.optional(z.int().check(z.minimum(1), z.maximum(LIMITS.valueBytes))),
  /** One output, encoded, in bytes: a task that returns more fails. */
  outputBytes: z.optional(z.int().check(z.minimum(1), z.maximum(LIMITS.valueBytes))),
  /** Lines that one task may log; what is more is left out. */
  logLines: z.optional(z.int().check(z.minimum(0), z.maximum(LIMITS.logLinesPerTask))),
});
export type JobLimits = z.infer<typeof jobLimitsSchema>;

/** How a job shall be run. Everything has a default. */
export const jobOptionsSchema = z.strictObject({
  /** Among the jobs of one owner, the higher runs first. */
  priority: z.optional(z.int().check(z.minimum(-100), z.maximum(100))),
  /** Which Compute Server gets its next batch: a name of `GET /api/policies`. Default: the hub's own. */
  policy: z.optional(z.string().check(z.minLength(1), z.maxLength(LIMITS.policyNameChars))),
  requires: z.optional(requirementsSchema),
  /** How often a task may fail before its failure is recorded. */
  maxAttempts: z.optional(z.int().check(z.minimum(1), z.maximum(LIMITS.attempts))),
  /** One task may run this long. */
  taskTimeoutMs: z.optional(z.int().check(z.minimum(100), z.maximum(LIMITS.taskTimeoutMs))),
  /** What one task may take and give. Default: what the hub allows. */
  limits: z.optional(jobLimitsSchema),
  /** When an answer of a Compute Server is accepted. Default: the hub's own. */
  verification: z.optional(verificationSchema),
  /** When two outputs are the same answer. Default `exact`. */
  compare: z.optional(compareSchema),
  /** `same`: the answers of one task come from one browser engine, whose rounding is the same. */
  engines: z.optional(z.literal("same")),
  /** A mail to this address when the job ends. */
  notify: z.optional(z.strictObject({ email: z.optional(z.email().check(z.maxLength(254))) })),
  /** Removed so many days after its end, where the hub's operator does not say fewer. */
  keepDays: z.optional(z.int().check(z.minimum(1), z.maximum(LIMITS.keepDays))),
  tags: z.optional(z.array(z.string().check(z.trim(), z.minLength(1), z.maxLength(LIMITS.tagChars))).check(z.maxLength(LIMITS.tags))),
  /** Who may see it. Default: `public` on a hub without accounts, `private` on one with accounts. */
  visibility: z.optional(visibilitySchema),
  /** `true` is `visibility: "public"`, `false` is `"private"`. */
  public: z.optional(z.boolean()),
});
export type JobOptions = z.infer<typeof jobOptionsSchema>;

export const JOB_DEFAULTS = { priority: 0, maxAttempts: 3, taskTimeoutMs: 60_000, public: true } as const;
