import type { Job } from "../protocol/http/job.ts";
import { ENDED_STATES } from "../protocol/http/job.ts";
import { requirementsInWords } from "../protocol/http/job-options.ts";
import { verificationInWords } from "../protocol/http/verification.ts";
import type { GridPulse } from "../protocol/http/registry.ts";
import { duration } from "./duration.ts";
import { openJob, type HubOptions } from "./hub-access.ts";

/** `manyhands explain JOB`: why it stands where it stands, and what it waits for. */
export async function explainJob(asked: string, options: HubOptions): Promise<void> {
  const { hub, job: remote } = await openJob(asked, options);
  const [job, grid] = await Promise.all([remote.status(), hub.client.grid()]);
  console.log(explanation(job, grid).join("\n"));
}

/** Line by line, for a person. */
export function explanation(job: Job, grid: GridPulse): string[] {
  const { tasks, options } = job;
  const lines = [
    `${job.name}: ${job.state}`,
    `  why       ${why(job)}`,
    `  tasks     ${tasks.pending} waiting, ${tasks.running} running, ${tasks.done} done, ${tasks.failed} failed`,
  ];
  if (job.state === "running") lines.push(`  pace      ${job.ratePerSecond.toFixed(1)} tasks a second${job.etaMs === null ? "" : `, about ${duration(job.etaMs)} left`}`);
  if (options.requires !== null) lines.push(`  requires  ${requirementsInWords(options.requires)}`);
  if (job.verification.policy !== "first") lines.push(`  verified  ${verificationInWords(job.verification.policy)}${job.verification.provisional === 0 ? "" : `; ${job.verification.provisional} tasks wait for it`}`);
  if (options.priority !== 0) lines.push(`  priority  ${options.priority}`);
  if (options.policy !== null) lines.push(`  policy    ${options.policy}`);
  if (!ENDED_STATES.includes(job.state)) lines.push(`  grid      ${grid.computeServers} Compute Servers, ${grid.slots} Slots, ${grid.runningJobs} jobs running`);
  for (const { message, count, firstIndex } of job.failures) lines.push(`  failed    ${count} ×, the first is task ${firstIndex}: ${message}`);
  return lines;
}

function why({ state, waitingFor, tasks }: Job): string {
  if (waitingFor !== null) return waitingFor;
  switch (state) {
    case "completed": return "All its tasks are done.";
    case "failed": return `${tasks.failed === 1 ? "A task" : `${tasks.failed} tasks`} failed for good; manyhands retry runs what failed again.`;
    case "cancelled": return "It was cancelled; what was done stays.";
    case "queued": case "running": case "paused":
      return tasks.pending === 0 ? "It runs at full speed: its last tasks are running." : "It runs at full speed: every Slot that it may use works for it.";
  }
}
