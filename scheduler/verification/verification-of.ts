import type { JobSpec } from "../event.ts";
import { SeededRandom } from "../seeded-random.ts";
import { JobVerification } from "./job-verification.ts";

export interface VerificationSettings {
  readonly seed: number;
  readonly saboteurShare: number;
}

/** What verifies a job's answers; null where the first is accepted. */
export function verificationOf({ jobId, verification, engines, taskTimeoutMs }: JobSpec, { seed, saboteurShare }: VerificationSettings): JobVerification | null {
  if (verification === undefined || verification.kind === "first") return null;
  return new JobVerification({
    evidence: verification.kind === "quorum" ? verification : { ...verification, saboteurShare },
    sameEngine: engines === "same",
    patienceMs: taskTimeoutMs,
    random: new SeededRandom(mix(seed, jobId)),
  });
}

/** Each job draws in its own order. FNV-1a. */
function mix(seed: number, text: string): number {
  let mixed = seed;
  for (let i = 0; i < text.length; i++) mixed = Math.imul(mixed ^ text.charCodeAt(i), 0x01000193);
  return mixed;
}
