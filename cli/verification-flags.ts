import { InvalidArgumentError } from "commander";
import type { JobOptions } from "../protocol/http/job-options.ts";
import { compareSchema, verificationSchema, type Compare, type VerificationOption } from "../protocol/http/verification.ts";
import { LIMITS } from "../protocol/limits.ts";

/** What --verify, --compare and --same-engine say. */
export interface VerificationFlags {
  readonly verify?: VerificationOption | undefined;
  readonly compare?: Compare | undefined;
  readonly sameEngine: boolean;
}

/** "first", "quorum:3" or "credibility:0.01". */
export function parseVerification(text: string): VerificationOption {
  const [kind, value, ...more] = text.split(":");
  const number = value === undefined || value.trim() === "" || more.length > 0 ? NaN : Number(value);
  const candidate = kind === "quorum" ? { quorum: number } : kind === "credibility" ? { credibility: { errorRate: number } } : text;
  const parsed = verificationSchema.safeParse(candidate);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`It is first, quorum:N with N from 2 to ${LIMITS.quorum}, or credibility:RATE with the share of wrong results that is borne, from ${LIMITS.errorRateLeast} to ${LIMITS.errorRateMost}.`);
}

/** "exact", "set", or "relative=1e-9,absolute=1e-12" with one of them or both. */
export function parseCompare(text: string): Compare {
  const bounds = text.split(",").map((bound) => bound.split("="));
  const isTolerance = bounds.every(([name, value, ...more]) => (name === "relative" || name === "absolute") && value !== undefined && value !== "" && more.length === 0);
  const candidate = isTolerance ? Object.fromEntries(bounds.map(([name, value]) => [name, Number(value)])) : text;
  const parsed = compareSchema.safeParse(candidate);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError("It is exact, set, or how far numbers may differ: relative=1e-9, absolute=0.001, or both with a comma between.");
}

export function verificationOptions({ verify, compare, sameEngine }: VerificationFlags): JobOptions {
  return {
    ...(verify === undefined ? {} : { verification: verify }),
    ...(compare === undefined ? {} : { compare }),
    ...(sameEngine ? { engines: "same" } : {}),
  };
}
