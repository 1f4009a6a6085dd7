import type { Job } from "../protocol/http/job.ts";
import { HubClient, type JobAction } from "../sdk/hub-client.ts";
import { duration } from "./duration.ts";
import { LineOutput } from "./line-output.ts";
import { printable } from "./printable.ts";

/** `manyhands jobs`: the newest jobs of the hub, one a line. */
export async function listJobs(hub: string): Promise<void> {
  const { jobs, nextCursor } = await new HubClient(hub).jobs();
  if (jobs.length === 0) console.error("There are no jobs yet. Submit one with: manyhands run FILE");
  for (const job of jobs) console.log(`${job.jobId}  ${job.state.padEnd(9)}  ${share(job).padStart(5)}  ${printable(job.name)}`);
  if (nextCursor !== null) console.error(`There are more: ${hub}/jobs`);
}

/** `manyhands status JOB` */
export async function showJob(hub: string, jobId: string): Promise<void> {
  const job = await new HubClient(hub).job(jobId);
  const { total, pending, running, done, failed } = job.tasks;
  console.log(`${printable(job.name)}: ${job.state}, ${share(job)}
  tasks     ${total} in all, ${pending} pending, ${running} running, ${done} done, ${failed} failed
  results   ${job.resultUrl}`);
  if (job.etaMs !== null) console.log(`  left      ${duration(job.etaMs)}, ${job.ratePerSecond.toFixed(1)} tasks a second`);
  if (typeof job.removeAt === "number") console.log(`  stays     until ${new Date(job.removeAt).toISOString().slice(0, 10)}`);
  if (job.waitingFor !== null) console.log(`  waits     ${job.waitingFor}`);
  for (const { message, count, firstIndex } of job.failures) console.log(`  failed    ${count} ×, the first is task ${firstIndex}: ${printable(message)}`);
}

/** `manyhands results JOB`: what is there now, in index order. */
export async function printResults(hub: string, jobId: string, { out, failures }: { readonly out?: string | undefined; readonly failures: boolean }): Promise<void> {
  const output = await LineOutput.open(out);
  try {
    for await (const line of new HubClient(hub).results(jobId, { failures })) await output.write(JSON.stringify(line));
    await output.end();
  } catch (error) {
    if (!output.closedByReader) throw error;
  }
}

/** `manyhands cancel JOB`, and the like. */
export async function controlJob(hub: string, jobId: string, action: JobAction): Promise<void> {
  const client = new HubClient(hub);
  await client.control(jobId, action);
  const { name, state } = await client.job(jobId);
  console.log(`${printable(name)}: ${state}`);
}

/** `manyhands remove JOB`: what the id named is gone, and nothing brings it back. */
export async function removeJob(hub: string, jobId: string): Promise<void> {
  const client = new HubClient(hub);
  const { name } = await client.job(jobId);
  await client.remove(jobId);
  console.log(`${printable(name)}: removed`);
}

/** `manyhands keep JOB` */
export async function keepJob(hub: string, jobId: string): Promise<void> {
  const client = new HubClient(hub);
  await client.keep(jobId);
  const { name, removeAt } = await client.job(jobId);
  console.log(`${printable(name)}: ${typeof removeAt === "number" ? `stays until ${new Date(removeAt).toISOString().slice(0, 10)}` : "stays"}`);
}

function share({ tasks }: Job): string {
  return `${Math.floor((100 * (tasks.done + tasks.failed)) / tasks.total)} %`;
}
