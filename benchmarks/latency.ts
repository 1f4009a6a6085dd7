import type { Browser } from "playwright-core";
import { launchBrowser, openHeadlessTab } from "../e2e/tabs.ts";
import { connect } from "../sdk/index.ts";
import type { Benchmark, Settings } from "./benchmark.ts";
import { completed, NO_OP, submitRange } from "./grid-job.ts";
import { MeasuredHub } from "./measured-hub.ts";
import { median, quantile } from "./median.ts";
import { installedPeers } from "./peers/installed-peers.ts";
import type { Row } from "./result.ts";
import { sleep } from "./sleep.ts";

const UNIT = "ms";
/** Between two tasks on an idle grid: long enough that everybody has gone to sleep. */
const IDLE_MS = 700;
const WARM_UP = 10;
const BACK_TO_BACK = "one task after the other";
const IDLE = "one task on an idle grid";

/** Medians and 99th percentiles, one of each a run. */
interface Figures {
  readonly medians: number[];
  readonly p99s: number[];
}

/** From the submission of one task until its submitter has the result, which then is on disk. */
export const latency: Benchmark = {
  name: "latency",
  title: "Latency",
  runs: 5,
  seconds: 3,
  async run(settings) {
    const browser = await launchBrowser();
    try {
      const opens: number[] = [];
      for (let run = 0; run < settings.runs; run++) opens.push(await openToFirstResultMs(settings, browser));
      const { ours, peers, notes } = await measure(settings, browser);
      return {
        rows: [
          ...rowsOf(BACK_TO_BACK, ours.get(BACK_TO_BACK), peers, 5),
          ...rowsOf(IDLE, ours.get(IDLE), new Map()),
          { what: "page opened to first result on disk", unit: UNIT, better: "less", ours: opens },
        ],
        notes: [`Each run submits by the SDK, as \`connect(hub).run(…)\` does, to one tab that is connected; ${IDLE_MS} ms pass before each task on the idle grid.`, ...notes],
      };
    } finally {
      await browser.close();
    }
  },
};

async function measure(settings: Settings, browser: Browser) {
  const { runs, seconds, quick, say } = settings;
  const { peers, notes } = quick ? { peers: [], notes: [] } : await installedPeers();
  const ours = new Map<string, Figures>([BACK_TO_BACK, IDLE].map((what) => [what, { medians: [], p99s: [] }]));
  const theirs = new Map<string, Figures>(peers.map(({ name }) => [name, { medians: [], p99s: [] }]));
  const hub = await MeasuredHub.start(settings);
  try {
    await openHeadlessTab(browser, hub.process, 1);
    await oneByOne(hub, quick ? 2 : WARM_UP, 0);
    const take = (into: Figures | undefined, what: string, latencies: readonly number[]) => {
      into?.medians.push(median(latencies));
      into?.p99s.push(quantile(latencies, 0.99));
      say(`${what}: median ${median(latencies).toFixed(1)} ms, 99th percentile ${quantile(latencies, 0.99).toFixed(1)} ms`);
    };
    for (let run = 0; run < runs; run++) {
      const tasks = quick ? 5 : Math.round(seconds * 50);
      take(ours.get(BACK_TO_BACK), BACK_TO_BACK, await oneByOne(hub, tasks, 0));
      take(ours.get(IDLE), IDLE, await oneByOne(hub, quick ? 2 : Math.ceil(seconds * 5), quick ? 50 : IDLE_MS));
      for (const peer of peers) take(theirs.get(peer.name), peer.name, await peer.latencies(tasks));
    }
    return { ours, peers: theirs, notes };
  } finally {
    await hub.close();
  }
}

/** Submits one task, waits for its result, and again. */
async function oneByOne(hub: MeasuredHub, tasks: number, pauseMs: number): Promise<number[]> {
  const grid = connect(hub.url);
  const latencies: number[] = [];
  for (let n = 0; n < tasks; n++) {
    if (pauseMs > 0) await sleep(pauseMs);
    const startedAt = performance.now();
    for await (const { output } of grid.run({ source: NO_OP, range: { start: n, end: n + 1 } })) {
      if (output !== n) throw new Error(`Cannot trust this figure: task ${n} answered ${JSON.stringify(output)}`);
      latencies.push(performance.now() - startedAt);
    }
  }
  return latencies;
}

/** From the page's opening to the first result: fetch, register, sandbox, run, report, commit. */
async function openToFirstResultMs(settings: Settings, browser: Browser): Promise<number> {
  const hub = await MeasuredHub.start(settings);
  try {
    const jobId = await submitRange(hub.client, NO_OP, 1);
    const startedAt = performance.now();
    const { context } = await openHeadlessTab(browser, hub.process, 1);
    await completed(hub.client, jobId);
    const elapsedMs = performance.now() - startedAt;
    await context.close();
    settings.say(`page opened to first result: ${Math.round(elapsedMs)} ms`);
    return elapsedMs;
  } finally {
    await hub.close();
  }
}

function rowsOf(what: string, ours: Figures | undefined, peers: ReadonlyMap<string, Figures>, target?: number): Row[] {
  if (ours === undefined) return [];
  return (["medians", "p99s"] as const).flatMap((key): Row[] => {
    const row: Row = { what: `${what}, ${key === "medians" ? "median" : "99th percentile"}`, unit: UNIT, better: "less", ours: ours[key] };
    const first: Row = target === undefined || key === "p99s" ? row : { ...row, target };
    if (peers.size === 0) return [first];
    return [...peers].map(([name, figures], i): Row => ({ ...(i === 0 ? first : row), peer: { name, figures: figures[key] } }));
  });
}
