import { ENDED_STATES } from "../../protocol/http/job.ts";
import type { StoredJob } from "../archive/archive.ts";

export const DAY_MS = 24 * 60 * 60 * 1000;

/** When a job is removed, Unix ms: as its owner wishes, within what the operator says. Null: it stays, or has not ended. */
export function removeAtMs({ state, endedAtMs, keptFromMs, keepDays }: StoredJob, operatorDays: number | null): number | null {
  const days = Math.min(keepDays ?? Infinity, operatorDays ?? Infinity);
  if (endedAtMs === null || !ENDED_STATES.includes(state) || days === Infinity) return null;
  return (keptFromMs ?? endedAtMs) + days * DAY_MS;
}
