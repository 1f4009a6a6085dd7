import { ENDED_STATES } from "../protocol/http/job.ts";
import type { HubClient } from "../sdk/hub-client.ts";
import { jobEvents } from "../sdk/job-events.ts";

/** A job whose tasks do nothing: what it costs is the grid's own. */
export const NO_OP = "export default (n) => n";

export async function submitRange(client: HubClient, source: string, tasks: number): Promise<string> {
  const { jobId } = await client.submit({ name: "benchmark", executable: { source }, inputs: { range: { start: 0, end: tasks } }, options: { public: false } });
  return jobId;
}

/** Waits until every result of the job is on disk, as its submitter learns of it. Throws Error when it ends otherwise. */
export async function completed(client: HubClient, jobId: string): Promise<void> {
  for await (const event of jobEvents(client, jobId)) {
    if (event.type !== "job" || !ENDED_STATES.includes(event.job.state)) continue;
    const { done, total } = event.job.tasks;
    if (event.job.state !== "completed" || done !== total) throw new Error(`Cannot trust this figure: job ${jobId} ended ${event.job.state} with ${done} of ${total} tasks done`);
    return;
  }
}

/** From submit to the last result on disk. */
export async function runMs(client: HubClient, source: string, tasks: number): Promise<number> {
  const startedAt = performance.now();
  await completed(client, await submitRange(client, source, tasks));
  return performance.now() - startedAt;
}

export async function noOpRate(client: HubClient, tasks: number): Promise<number> {
  return tasks / (await runMs(client, NO_OP, tasks)) * 1000;
}

/** Throws Error where the results of a no-op job are not its inputs, once each, at both of its ends. */
export async function checkNoOp(client: HubClient, jobId: string, tasks: number): Promise<void> {
  const span = Math.min(tasks, 1000);
  for (const from of new Set([0, tasks - span])) {
    let next = from;
    for await (const line of client.results(jobId, { from, to: from + span })) {
      if (!("output" in line) || line.index !== next || line.output !== next) throw new Error(`Cannot trust this figure: result ${next} of job ${jobId} reads ${JSON.stringify(line)}`);
      next++;
    }
    if (next !== from + span) throw new Error(`Cannot trust this figure: results ${next} to ${from + span} of job ${jobId} are missing`);
  }
}
