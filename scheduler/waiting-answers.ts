import type { ComputeServer } from "./compute-server.ts";
import type { JobVerification } from "./verification/job-verification.ts";
import { durationInWords, quantityInWords } from "./words.ts";

/** What the answers of a verified job wait for, where nothing else of it waits and nobody runs it. */
export function waitingForAnswers(verification: JobVerification, fitting: readonly ComputeServer[], nowMs: number): string {
  const count = verification.provisionalCount;
  const what = `${quantityInWords(count, "answer")} ${count === 1 ? "waits" : "wait"} for a second opinion from another volunteer`;
  const volunteers = new Set(fitting.filter(({ computeServerId }) => !verification.isCaught(computeServerId)).map(({ volunteer }) => volunteer)).size;
  const needed = verification.volunteersNeeded;
  if (volunteers < needed) return `${what}: ${needed} must agree, and ${volunteers === 0 ? "none is" : volunteers === 1 ? "1 is" : `${volunteers} are`} here.${caughtInWords(verification)}`;
  const endsAtMs = verification.patienceEndsAtMs(nowMs);
  const until = endsAtMs === Infinity ? "" : `, for ${durationInWords(endsAtMs - nowMs)} at most from one behind another network address`;
  return `${what}${until}.${caughtInWords(verification)}`;
}

/** Everybody who could run it was caught. */
export function allCaught(servers: number): string {
  return servers === 1
    ? "The only Compute Server gave it a wrong answer: it waits for another."
    : `All ${servers} Compute Servers gave it wrong answers, or each its own: it waits for others. If its tasks do not give the same output each time, compare within a tolerance.`;
}

function caughtInWords({ caughtCount }: JobVerification): string {
  return caughtCount === 0 ? "" : ` ${quantityInWords(caughtCount, "Compute Server")} gave wrong answers and ${caughtCount === 1 ? "gets" : "get"} no more of it.`;
}
