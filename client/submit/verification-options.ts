import type { JobOptions } from "../../protocol/http/job-options.ts";
import type { AnswerRules, Compare, VerificationOption } from "../../protocol/http/verification.ts";
import type { DraftOptions } from "./draft.ts";

type Verification = DraftOptions["verification"];

export function isVerifyChoice(text: string): text is Verification["policy"] {
  return text === "" || text === "first" || text === "quorum" || text === "credibility";
}

export function isCompareChoice(text: string): text is Verification["compare"] {
  return text === "exact" || text === "set" || text === "tolerance";
}

/** What was chosen, as a submission says it: what is left to the hub is left out. */
export function verificationOptions(chosen: Verification): Pick<JobOptions, "verification" | "compare" | "engines"> {
  const policy = policyOf(chosen);
  if (policy === "first") return { verification: policy };
  return {
    ...(policy === undefined ? {} : { verification: policy }),
    ...(chosen.compare === "exact" ? {} : { compare: compareOf(chosen) }),
    ...(chosen.sameEngine ? { engines: "same" } : {}),
  };
}

/** The rules that a job would have; `byDefault` where the hub's own are chosen. */
export function answerRules(chosen: Verification, byDefault: VerificationOption | undefined): AnswerRules {
  return { policy: policyOf(chosen) ?? byDefault ?? "first", compare: compareOf(chosen), engines: chosen.sameEngine ? "same" : "any" };
}

function policyOf({ policy, quorum, errorPercent }: Verification): VerificationOption | undefined {
  switch (policy) {
    case "": return undefined;
    case "first": return "first";
    case "quorum": return { quorum };
    case "credibility": return { credibility: { errorRate: errorPercent / 100 } };
  }
}

function compareOf({ compare, relative, absolute }: Verification): Compare {
  if (compare !== "tolerance") return compare;
  return { ...(relative === null ? {} : { relative }), ...(absolute === null ? {} : { absolute }) };
}
