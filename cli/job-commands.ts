import type { Job } from "../protocol/http/job.ts";
import type { JobAction } from "../sdk/hub-client.ts";
import { duration } from "./duration.ts";
import { openHub, openJob, type HubOptions } from "./hub-access.ts";
import { LineOutput } from "./line-output.ts";
import { printable } from "./printable.ts";

/** `manyhands jobs`: the newest jobs of the hub, one a line. */
export async function listJobs(options: HubOptions): Promise<void> {
  const { jobs, nextCursor } = await (await openHub(options)).client.jobs();
  if (jobs.length === 0) console.error("There are no jobs yet. Submit one with: manyhands run FILE");
  for (const job of jobs) console.log(`${job.jobId}  ${job.state.padEnd(9)}  ${share(job).padStart(5)}  ${printable(job.name)}`);
  if (nextCursor !== null) console.error(`There are more: ${options.hub}/jobs`);
}

/** `manyhands status JOB` */
export async function showJob(job: string, options: HubOptions): Promise<void> {
  printJob(await (await openJob(job, options)).job.status());
}

function printJob(job: Job): void {
  const { total, pending, running, done, failed } = job.tasks;
  console.log(`${printable(job.name)}: ${job.state}, ${share(job)}
  tasks     ${total} in all, ${pending} pending, ${running} running, ${done} done, ${failed} failed
  results   ${job.resultUrl}`);
  if (job.etaMs !== null) console.log(`  left      ${duration(job.etaMs)}, ${job.ratePerSecond.toFixed(1)} tasks a second`);
  if (typeof job.removeAt === "number") console.log(`  stays     until ${new Date(job.removeAt).toISOString().slice(0, 10)}`);
  if (job.waitingFor !== null) console.log(`  waits     ${job.waitingFor}`);
  for (const { message, count, firstIndex } of job.failures) console.log(`  failed    ${count} ×, the first is task ${firstIndex}: ${printable(message)}`);
}

export interface ResultsOptions extends HubOptions {
  readonly out?: string | undefined;
  readonly failures: boolean;
}

/** `manyhands results JOB`: what is there now, in index order. */
export async function printResults(job: string, options: ResultsOptions): Promise<void> {
  const { hub, job: { jobId } } = await openJob(job, options);
  const output = await LineOutput.open(options.out);
  try {
    for await (const line of hub.client.results(jobId, { failures: options.failures })) await output.write(JSON.stringify(line));
    await output.end();
  } catch (error) {
    if (!output.closedByReader) throw error;
  }
}

/** `manyhands cancel JOB`, and the like. */
export async function controlJob(job: string, options: HubOptions, action: JobAction): Promise<void> {
  const { job: remote } = await openJob(job, options);
  await remote.control(action);
  const { name, state } = await remote.status();
  console.log(`${printable(name)}: ${state}`);
}

/** `manyhands remove JOB`: what the id named is gone, and nothing brings it back. */
export async function removeJob(asked: string, options: HubOptions): Promise<void> {
  const { hub, job } = await openJob(asked, options);
  const { name } = await job.status();
  await hub.client.remove(job.jobId);
  console.log(`${printable(name)}: removed`);
}

/** `manyhands keep JOB` */
export async function keepJob(asked: string, options: HubOptions): Promise<void> {
  const { hub, job } = await openJob(asked, options);
  await hub.client.keep(job.jobId);
  const { name, removeAt } = await job.status();
  console.log(`${printable(name)}: ${typeof removeAt === "number" ? `stays until ${new Date(removeAt).toISOString().slice(0, 10)}` : "stays"}`);
}

function share({ tasks }: Job): string {
  return `${Math.floor((100 * (tasks.done + tasks.failed)) / tasks.total)} %`;
}
