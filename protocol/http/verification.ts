import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";

/**
 * When an answer is accepted: the `first` that comes, the one that `quorum` volunteers gave, or the one whose chance of
 * being wrong is under `errorRate` by what is known of who gave it.
 */
export const verificationSchema = z.union([
  z.literal("first"),
  z.strictObject({ quorum: z.int().check(z.minimum(2), z.maximum(LIMITS.quorum)) }),
  z.strictObject({ credibility: z.strictObject({ errorRate: z.number().check(z.minimum(LIMITS.errorRateLeast), z.maximum(LIMITS.errorRateMost)) }) }),
]);
export type VerificationOption = z.infer<typeof verificationSchema>;

/** A difference between two numbers up to which they are the same: `absolute`, or `relative` times the larger of the two. */
export const toleranceSchema = z.strictObject({
  relative: z.optional(z.number().check(z.minimum(0), z.maximum(1))),
  absolute: z.optional(z.number().check(z.minimum(0), z.maximum(Number.MAX_VALUE))),
}).check(z.refine(({ relative, absolute }) => relative !== undefined || absolute !== undefined, "It names relative, absolute or both"));
export type Tolerance = z.infer<typeof toleranceSchema>;

/** When two outputs are one answer: equal values, the elements of a list in any order, or numbers that are close. */
export const compareSchema = z.union([z.enum(["exact", "set"]), toleranceSchema]);
export type Compare = z.infer<typeof compareSchema>;

/** How the answers of a job are verified. */
export interface AnswerRules {
  readonly policy: VerificationOption;
  readonly compare: Compare;
  /** `same`: the answers of one task come from one browser engine. */
  readonly engines: "any" | "same";
}

export const FIRST_ANSWER: AnswerRules = { policy: "first", compare: "exact", engines: "any" };

const count = z.int().check(z.minimum(0));

/** The rules of a job, and what came of them. */
export const jobVerificationSchema = z.object({
  policy: verificationSchema,
  compare: compareSchema,
  engines: z.enum(["any", "same"]),
  /** Tasks that have an answer which is not accepted yet. */
  provisional: count,
  /** Answers that came, for each task that has one: 1 where nothing was run twice; null until something is accepted. */
  workFactor: z.nullable(z.number()),
  /** Compute Servers that gave this job an answer which turned out to be wrong. */
  caughtServers: count,
});

/** For a page or a terminal, for example "each task by 3 volunteers that agree". */
export function verificationInWords(policy: VerificationOption): string {
  if (policy === "first") return "the first answer of each task is accepted";
  if ("quorum" in policy) return `an answer is accepted when ${policy.quorum} volunteers gave it`;
  return `an answer is accepted when its chance of being wrong is under ${percent(policy.credibility.errorRate)}`;
}

/** For example "numbers that differ by 0.001 or less are the same". */
export function compareInWords(compare: Compare): string {
  if (compare === "exact") return "answers are the same when they are equal";
  if (compare === "set") return "answers are the same when their lists hold the same elements in any order";
  const bounds = [
    ...(compare.absolute === undefined ? [] : [String(compare.absolute)]),
    ...(compare.relative === undefined ? [] : [`${compare.relative} times the larger`]),
  ];
  return `answers are the same when their numbers differ by at most ${bounds.join(" or ")}`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(6))} %`;
}
