import type { Capability } from "../protocol/capabilities.ts";
import type { JobOptions, Requirements } from "../protocol/http/job-options.ts";
import type { Job } from "../protocol/http/job.ts";
import type { Json } from "../protocol/value-json.ts";
import type { Visibility } from "../protocol/http/sharing.ts";
import { bundleJob } from "../sdk/bundle.ts";
import type { Hub } from "../sdk/index.ts";
import { orderedResults } from "../sdk/ordered-results.ts";
import { duration } from "./duration.ts";
import { openHub, type HubOptions } from "./hub-access.ts";
import { LineOutput } from "./line-output.ts";
import type { Range } from "./option-values.ts";
import { printable } from "./printable.ts";
import { createProgress, type Progress } from "./progress.ts";
import { verificationOptions, type VerificationFlags } from "./verification-flags.ts";
import { verificationWarning } from "./verification-warning.ts";
import { readInputs } from "./read-inputs.ts";

export interface SubmitOptions extends HubOptions, VerificationFlags {
  readonly inputs?: string | undefined;
  readonly range?: Range | undefined;
  readonly args?: Json | undefined;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly tag: readonly string[];
  readonly visibility?: Visibility | undefined;
  readonly policy?: string | undefined;
  readonly priority?: number | undefined;
  readonly require: readonly Capability[];
  readonly memory?: number | undefined;
  readonly keepDays?: number | undefined;
  readonly engine?: string | undefined;
}

export interface RunOptions extends SubmitOptions {
  readonly out?: string | undefined;
}

const EXIT_INTERRUPTED = 130;

/** `manyhands submit FILE`: the job's id on standard output, its link beside it on standard error. */
export async function submit(file: string, options: SubmitOptions): Promise<void> {
  const job = await submitFile(await openHub(options), file, options);
  console.error(`Submitted: ${job.url}${job.diagnostic === null ? "" : `\n${job.diagnostic}`}`);
  console.log(job.jobId);
}

/** `manyhands run FILE`: submits, and streams the results in index order. Exit 0 only when every task is done. */
export async function run(file: string, options: RunOptions): Promise<void> {
  const output = await LineOutput.open(options.out);
  const hub = await openHub(options);
  const job = await submitFile(hub, file, options);
  const interrupted = new AbortController();
  const onInterrupt = () => interrupted.abort();
  process.once("SIGINT", onInterrupt);
  const progress = createProgress(process.stderr);
  progress.note(`Job ${job.jobId}: ${job.url}`);
  if (job.diagnostic !== null) progress.note(job.diagnostic);

  let last: Job | undefined;
  try {
    const results = orderedResults(hub.client, job.jobId, {
      signal: interrupted.signal,
      onJob: (now) => { last = now; progress.update(now); },
      onInterruption: (error) => progress.note(`${error.message}; trying again`),
    });
    for await (const line of results) {
      if (interrupted.signal.aborted) break;
      if ("output" in line) await output.write(JSON.stringify(line));
    }
    await output.end();
  } catch (error) {
    if (!output.closedByReader) throw error;
  } finally {
    process.off("SIGINT", onInterrupt);
    progress.stop();
  }
  report(progress, job.jobId, options.hub, job.resultUrl, last, interrupted.signal.aborted);
}

async function submitFile(hub: Hub, file: string, options: SubmitOptions) {
  const { inputs, range, args, name } = options;
  if (inputs !== undefined && range !== undefined) throw new Error("Cannot take --inputs and --range together: give one of them");
  const { source } = await bundleJob(file);
  const warning = await verificationWarning(hub.client, source, options);
  if (warning !== null) console.error(warning);
  return hub.submit({
    file,
    source,
    ...(inputs === undefined ? {} : { inputs: readInputs(inputs, process.stdin) }),
    ...(range === undefined ? {} : { range }),
    ...(args === undefined ? {} : { args }),
    ...(name === undefined ? {} : { name }),
    options: jobOptions(options),
  });
}

function jobOptions({ email, tag, visibility, policy, priority, require, memory, engine, keepDays, ...flags }: SubmitOptions): JobOptions {
  const requires: Requirements = {
    ...(require.length === 0 ? {} : { capabilities: [...require] }),
    ...(memory === undefined ? {} : { memoryMiB: memory }),
    ...(engine === undefined ? {} : { engine }),
  };
  return {
    ...verificationOptions(flags),
    ...(email === undefined ? {} : { notify: { email } }),
    ...(tag.length === 0 ? {} : { tags: [...tag] }),
    ...(visibility === undefined ? {} : { visibility }),
    ...(policy === undefined ? {} : { policy }),
    ...(priority === undefined ? {} : { priority }),
    ...(keepDays === undefined ? {} : { keepDays }),
    ...(Object.keys(requires).length === 0 ? {} : { requires }),
  };
}

function report(progress: Progress, jobId: string, hub: string, resultUrl: string, last: Job | undefined, interrupted: boolean): void {
  const finished = last !== undefined && last.endedAt !== null;
  if (!finished) {
    progress.note(`The job goes on without this terminal: ${resultUrl}
  its results   manyhands results ${jobId} --hub ${hub}
  stop it       manyhands cancel ${jobId} --hub ${hub}`);
    process.exitCode = interrupted ? EXIT_INTERRUPTED : 1;
    return;
  }
  for (const { message, count, firstIndex } of last.failures) {
    progress.note(`${count} ${count === 1 ? "task" : "tasks"} failed, the first is ${firstIndex}: ${printable(message)}`);
  }
  const { done, total } = last.tasks;
  const took = last.endedAt === null ? "" : ` in ${duration(last.endedAt - last.createdAt)}`;
  progress.note(`${last.state}: ${done} of ${total} done${took}  ${resultUrl}`);
  process.exitCode = last.state === "completed" ? 0 : 1;
}
