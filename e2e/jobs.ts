import type { Job } from "../protocol/http/job.ts";
import { ENDED_STATES } from "../protocol/http/job.ts";
import type { ResultLine } from "../protocol/http/result.ts";
import type { HubProcess } from "./hub-process.ts";
import { until } from "./tabs.ts";

/** Submits JavaScript over the numbers `from` to `to` and answers the job's id. */
export async function submitRange(hub: HubProcess, name: string, source: string, from: number, to: number, options: object = {}): Promise<string> {
  const { jobId } = await hub.client.submit({ name, executable: { source }, inputs: { range: { start: from, end: to } }, options });
  return jobId;
}

export function ended(hub: HubProcess, jobId: string, timeoutMs?: number): Promise<Job> {
  return until(`job ${jobId} ends`, () => hub.client.job(jobId), ({ state }) => ENDED_STATES.includes(state), timeoutMs);
}

/** Every result of the job, checked to come once each and in order. */
export async function allResults(hub: HubProcess, jobId: string): Promise<ResultLine[]> {
  const lines = await hub.client.resultsPage(jobId, { failures: true });
  lines.forEach((line, position) => {
    const before = lines[position - 1];
    if (before !== undefined && line.index <= before.index) throw new Error(`Result ${line.index} came after ${before.index}`);
  });
  return lines;
}

/** A task that takes about this long, busy all the while, and answers the square of its input. */
export function busySquare(ms: number): string {
  return `export default function square(n) { const end = Date.now() + ${ms}; while (Date.now() < end) {} return n * n; }`;
}
