import type * as z from "zod/mini";
import { SUBMISSION_LIMITS } from "../limits.ts";
import type { SourceError } from "./source-error.ts";

/** The issues of a failed parse, each with its path, for example "inputs.range". */
export function schemaErrors(error: z.core.$ZodError): readonly SourceError[] {
  return error.issues.flatMap((issue) => flatten(issue, [])).slice(0, SUBMISSION_LIMITS.reportedErrors);
}

function flatten(issue: z.core.$ZodIssue, prefix: readonly PropertyKey[]): SourceError[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    return closest(issue.errors).flatMap((inner) => flatten(inner, path));
  }
  return [path.length === 0 ? { message: issue.message } : { path: path.map(String).join("."), message: issue.message }];
}

/** Of a union's branches, the one that came nearest: not of another type altogether, and with the fewest faults. */
function closest(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  const OTHER_TYPE = 1_000;
  const distance = (issues: readonly z.core.$ZodIssue[]) =>
    issues.length + (issues.some((issue) => issue.code === "invalid_type" && issue.path.length === 0) ? OTHER_TYPE : 0);
  return branches.reduce((best, branch) => (distance(branch) < distance(best) ? branch : best));
}
