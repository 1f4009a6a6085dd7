import { HubProcess } from "../e2e/hub-process.ts";
import type { Benchmark, Settings } from "./benchmark.ts";
import { NO_OP, submitRange } from "./grid-job.ts";
import type { Row } from "./result.ts";
import { until } from "./sleep.ts";
import { SyntheticServers } from "./synthetic-servers.ts";

const RESULTS = 10_000_000;
const JOBS = 1_000;
const SERVERS = 100;
/** As few as a tab reports of tasks that take some ms: the archive holds as many rows as it would after real work. */
const REPORT_TASKS = 100;
/** More than is run before its servers are ended, so that the job is running at the kill: the share, and at least as many. */
const SPARE_SHARE = 0.5;
const SPARE_TASKS = 500_000;
const LOOK_EVERY_MS = 20;
/** Tasks of the other jobs are begun and never end. */
const NEVER_MS = 60 * 60 * 1000;

interface Sizes {
  readonly results: number;
  readonly jobs: number;
}

/** How long a hub that was killed is away: until it answers again that it is ready. */
export const restart: Benchmark = {
  name: "restart",
  title: "After a kill",
  runs: 3,
  seconds: 1,
  async run(settings) {
    const sizes: Sizes = settings.quick ? { results: 20_000, jobs: 10 } : { results: RESULTS, jobs: JOBS };
    const hub = await HubProcess.start("--log-level", "warn");
    try {
      const empty: number[] = [];
      for (let run = 0; run < settings.runs; run++) empty.push(await killedToReadyS(hub));
      const done = await fill(settings, hub, sizes);
      const full: number[] = [];
      for (let run = 0; run < settings.runs; run++) full.push(await killedToReadyS(hub));
      settings.say(`ready again in ${full.map((seconds) => seconds.toFixed(2)).join(", ")} s; empty in ${empty.map((seconds) => seconds.toFixed(2)).join(", ")} s`);
      const { tasksDone, jobsRunning } = await whatIsThere(hub);
      if (tasksDone < done || jobsRunning !== sizes.jobs) throw new Error(`Cannot trust this figure: after the kill ${tasksDone} of ${done} results and ${jobsRunning} of ${sizes.jobs} jobs are there`);
      return { rows: rowsOf(sizes, full, empty), notes: [
        `One of the running jobs holds all the results (${done.toLocaleString("en")} of them at the kill), in reports of ${REPORT_TASKS}; every other has a task that runs. Time counts from the start of the process to the first 200 of /readyz, asked every 50 ms.`,
      ] };
    } finally {
      if (hub.hasEnded) console.error(`The hub has ended by itself. It said:\n${hub.output}`);
      await hub.remove();
    }
  },
};

/** Fills the archive and leaves jobs running; answers how many results were shown as done. */
async function fill({ say }: Settings, hub: HubProcess, { results, jobs }: Sizes): Promise<number> {
  const working = await SyntheticServers.start(hub.url, { count: SERVERS, reportTasks: REPORT_TASKS, mayBeLost: true });
  const jobId = await submitRange(hub.client, NO_OP, results + Math.max(SPARE_TASKS, results * SPARE_SHARE));
  await until("the results are there", async () => (await hub.client.grid()).tasksDone >= results, LOOK_EVERY_MS);
  working.kill();
  say("the results are there");
  for (let job = 1; job < jobs; job++) await submitRange(hub.client, NO_OP, 1_000);
  // Only now, or all slots would hold tasks of the first job.
  const holding = await SyntheticServers.start(hub.url, { count: SERVERS, slots: Math.ceil(2 * jobs / SERVERS), taskMs: NEVER_MS, mayBeLost: true });
  await until("all jobs run", async () => (await hub.client.grid()).runningJobs === jobs, LOOK_EVERY_MS);
  const { done } = (await hub.client.job(jobId)).tasks;
  say(`${jobs} jobs are running`);
  holding.kill();
  return done;
}

async function killedToReadyS(hub: HubProcess): Promise<number> {
  await hub.stop("SIGKILL");
  const startedAt = performance.now();
  await hub.start();
  return (performance.now() - startedAt) / 1000;
}

async function whatIsThere({ client }: HubProcess): Promise<{ tasksDone: number; jobsRunning: number }> {
  let tasksDone = 0;
  let jobsRunning = 0;
  let cursor: string | null = null;
  do {
    const page = await client.jobs({ state: "running", limit: 100, ...(cursor === null ? {} : { cursor }) });
    for (const { tasks } of page.jobs) tasksDone += tasks.done;
    jobsRunning += page.jobs.length;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return { tasksDone, jobsRunning };
}

function rowsOf({ results, jobs }: Sizes, full: number[], empty: number[]): Row[] {
  return [
    { what: `killed with ${results.toLocaleString("en")} results and ${jobs.toLocaleString("en")} running jobs: ready again`, unit: "s", better: "less", ours: full },
    { what: "killed with nothing in its archive: ready again", unit: "s", better: "less", ours: empty },
  ];
}
