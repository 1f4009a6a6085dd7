import type { VerificationOption } from "../../protocol/http/verification.ts";

/**
 * When an answer is accepted, of a job that does not say. A hub without accounts is for this machine and whoever sits at
 * it; one with accounts lets strangers compute, and the answers of those are verified.
 */
export function defaultVerification(hasAccounts: boolean): VerificationOption {
  return hasAccounts ? { credibility: { errorRate: 0.01 } } : "first";
}
