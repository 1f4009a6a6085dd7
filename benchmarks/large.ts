import { ENDED_STATES } from "../protocol/http/job.ts";
import type { HubClient } from "../sdk/hub-client.ts";
import type { Benchmark, Settings } from "./benchmark.ts";
import { checkNoOp, completed, NO_OP, runMs, submitRange } from "./grid-job.ts";
import { MeasuredHub } from "./measured-hub.ts";
import type { Row } from "./result.ts";
import { sleep } from "./sleep.ts";
import { SyntheticServers } from "./synthetic-servers.ts";
import type { Work } from "./synthetic/orders.ts";

const TASKS = 10_000_000;
const WARM_UP_TASKS = 1_000_000;
/** Few, so that what they hold is a small part of the job: its tenths would show how batches are acknowledged, not how it goes on. */
const SERVERS = 10;
const TENTHS = 10;
const LOOK_EVERY_MS = 100;
const READ_EVERY_MS = 500;
const MIB = 2 ** 20;
const NEWLINE = 10;

interface Run {
  readonly acceptMs: number;
  /** Tasks a second of each tenth of the job. */
  readonly tenths: readonly number[];
  readonly grownMiB: number;
  readonly heapGrownMiB: number;
  readonly mostMiB: number;
  /** The longest that a reader of the job's state waited meanwhile. */
  readonly slowestAnswerMs: number;
  readonly streamSeconds: number;
}

/** One job of ten million tasks: what it costs to take it in, to run it to its end, and to read all of it. */
export const large: Benchmark = {
  name: "large",
  title: "A large job",
  runs: 3,
  seconds: 1,
  async run(settings) {
    const tasks = settings.quick ? 20_000 : TASKS;
    const runs: Run[] = [];
    for (let run = 0; run < settings.runs; run++) runs.push(await measure(settings, tasks));
    return { rows: rowsOf(runs, tasks), notes: [
      `${SERVERS} synthetic Compute Servers answer at once. Before it the hub ran a job of ${WARM_UP_TASKS.toLocaleString("en")} tasks; memory is counted from there.`,
    ] };
  },
};

async function measure(settings: Settings, tasks: number): Promise<Run> {
  const hub = await MeasuredHub.start(settings);
  const servers = await SyntheticServers.start(hub.url, { count: SERVERS });
  try {
    await runMs(hub.client, NO_OP, Math.min(tasks, WARM_UP_TASKS));
    await servers.takeWork();
    const before = await hub.usageWithoutGarbage();
    const [startedAt, startedAtMs] = [performance.now(), Date.now()];
    const jobId = await submitRange(hub.client, NO_OP, tasks);
    const acceptMs = performance.now() - startedAt;
    const ended = new AbortController();
    const looking = [mostMemory(hub, ended.signal), slowestAnswer(hub.client, jobId)] as const;
    await completed(hub.client, jobId);
    ended.abort();
    const [mostBytes, slowestAnswerMs] = await Promise.all(looking);
    const tenths = tenthsOf((await servers.takeWork()).acknowledged, startedAtMs, tasks);
    const after = await hub.usageWithoutGarbage();
    const streamSeconds = await streamAll(hub.client, hub.url, jobId, tasks);
    await servers.stop();
    const run = {
      acceptMs, tenths, slowestAnswerMs, streamSeconds, mostMiB: mostBytes / MIB,
      grownMiB: (mostBytes - before.residentBytes) / MIB, heapGrownMiB: (after.heapBytes - before.heapBytes) / MIB,
    };
    settings.say(`accepted in ${acceptMs.toFixed(0)} ms, tenths ${tenths.map((rate) => Math.round(rate / 1000)).join(" ")} thousand tasks/s, memory ${run.mostMiB.toFixed(0)} MiB (+${run.grownMiB.toFixed(0)}), read in ${streamSeconds.toFixed(1)} s`);
    return run;
  } finally {
    servers.kill();
    await hub.close();
  }
}

/** Tasks a second of each tenth of the job: from when results were acknowledged. Within a slice of time they are taken to come evenly. */
function tenthsOf(acknowledged: Work["acknowledged"], startedAtMs: number, tasks: number): number[] {
  const ends = [startedAtMs];
  let [done, lastMs] = [0, startedAtMs];
  for (const [atMs, more] of acknowledged) {
    for (; ends.length <= TENTHS && done + more >= tasks * ends.length / TENTHS;) {
      ends.push(lastMs + (atMs - lastMs) * (tasks * ends.length / TENTHS - done) / more);
    }
    [done, lastMs] = [done + more, atMs];
  }
  return ends.slice(1).map((end, i) => tasks / TENTHS / (end - (ends[i] ?? end)) * 1000);
}

/** Looks at the hub's memory until the job's results are all on disk. Answers the most that it was. */
async function mostMemory(hub: MeasuredHub, ended: AbortSignal): Promise<number> {
  let mostBytes = 0;
  while (!ended.aborted) {
    mostBytes = Math.max(mostBytes, (await hub.usage()).residentBytes);
    await sleep(LOOK_EVERY_MS);
  }
  return mostBytes;
}

/** Reads the job's state again and again until it has ended. */
async function slowestAnswer(client: HubClient, jobId: string): Promise<number> {
  let slowestMs = 0;
  for (;;) {
    const startedAt = performance.now();
    const { state } = await client.job(jobId);
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    if (ENDED_STATES.includes(state)) return slowestMs;
    await sleep(READ_EVERY_MS);
  }
}

async function streamAll(client: HubClient, hubUrl: string, jobId: string, tasks: number): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(`${hubUrl}/api/jobs/${jobId}/results`, { headers: { accept: "application/x-ndjson" } });
  let lines = 0;
  for await (const bytes of response.body ?? []) for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  const seconds = (performance.now() - startedAt) / 1000;
  if (lines !== tasks) throw new Error(`Cannot trust this figure: ${lines} of ${tasks} results were streamed`);
  await checkNoOp(client, jobId, tasks);
  return seconds;
}

function rowsOf(runs: readonly Run[], tasks: number): Row[] {
  const all = (figure: (run: Run) => number) => runs.map(figure);
  const job = `a job of ${tasks.toLocaleString("en")} tasks`;
  return [
    { what: `${job}: accepted`, unit: "ms", better: "less", ours: all(({ acceptMs }) => acceptMs), target: 1000 },
    { what: "hub memory that it adds, at most", unit: "MiB", better: "less", ours: all(({ grownMiB }) => grownMiB), target: 50 },
    { what: "of it still held when it has ended: JavaScript's objects", unit: "MiB", better: "less", ours: all(({ heapGrownMiB }) => heapGrownMiB) },
    { what: "hub memory in all, at most", unit: "MiB", better: "less", ours: all(({ mostMiB }) => mostMiB) },
    ...Array.from({ length: TENTHS }, (_, i): Row => ({
      what: `tenth ${i + 1} of it`, unit: "tasks/s", better: "more", ours: all(({ tenths }) => tenths[i] ?? 0),
    })),
    { what: "slowest tenth, of the mean of all", unit: "%", better: "more", ours: all(({ tenths }) => 100 * Math.min(...tenths) * tenths.reduce((sum, rate) => sum + 1 / rate, 0) / tenths.length) },
    { what: "the job's state read meanwhile, longest wait", unit: "ms", better: "less", ours: all(({ slowestAnswerMs }) => slowestAnswerMs) },
    { what: "all results read as a stream", unit: "s", better: "less", ours: all(({ streamSeconds }) => streamSeconds) },
  ];
}
