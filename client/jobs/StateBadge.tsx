import "./state-badge.css";
import type { JobState } from "../../protocol/http/job.ts";

/** A job's state: its word, with a mark whose colour says it again. */
export function StateBadge({ state }: { readonly state: JobState }) {
  return <span className="state-badge" data-state={state}>{state}</span>;
}
