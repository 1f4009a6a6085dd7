import type { AnswerRules } from "../protocol/http/verification.ts";

/**
 * What to tell a submitter whose answers would be compared to the last digit, and whose code computes with what
 * `inexactMath` found; null where nothing is to be told. `remedy` says what to do.
 */
export function inexactMathWarning(found: readonly string[], { policy, compare, engines }: AnswerRules, remedy: string): string | null {
  if (found.length === 0 || policy === "first" || compare !== "exact" || engines === "same") return null;
  const last = found.at(-1);
  const named = found.length === 1 ? last : `${found.slice(0, -1).join(", ")} and ${last}`;
  return `The job uses ${named}, whose last digits differ between browsers, and its answers are compared exactly: an honest Compute Server may be taken for a wrong one. ${remedy}`;
}
