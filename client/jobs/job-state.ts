import { ENDED_STATES, type Job, type JobState } from "../../protocol/http/job.ts";
import type { JobAction } from "../../sdk/hub-client.ts";

export function isEnded(state: JobState): boolean {
  return ENDED_STATES.includes(state);
}

/** What its owner can do with a job as it stands. */
export function possibleActions(job: Pick<Job, "state" | "tasks">): readonly JobAction[] {
  switch (job.state) {
    case "queued": case "running": return job.tasks.failed > 0 ? ["pause", "retry", "cancel"] : ["pause", "cancel"];
    case "paused": return ["resume", "cancel"];
    case "failed": return ["retry"];
    case "completed": case "cancelled": return [];
  }
}
