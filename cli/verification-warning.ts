import { parse } from "acorn";
import { inexactMathWarning } from "../sdk/inexact-math-warning.ts";
import { inexactMath } from "../sdk/inexact-math.ts";
import type { HubClient } from "../sdk/hub-client.ts";
import type { VerificationFlags } from "./verification-flags.ts";

/** What a submitter should know before answers are compared to the last digit; null where nothing is to be told. */
export async function verificationWarning(client: HubClient, source: string, { verify, compare, sameEngine }: VerificationFlags): Promise<string | null> {
  const found = inexactMath(parse(source, { ecmaVersion: "latest", sourceType: "module", allowHashBang: true }));
  if (found.length === 0 || (compare ?? "exact") !== "exact" || sameEngine) return null;
  const policy = verify ?? (await client.grid()).verification;
  return inexactMathWarning(found, { policy, compare: "exact", engines: "any" }, "Say how close is close enough, for example --compare relative=1e-9, or --same-engine.");
}
