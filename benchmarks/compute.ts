import { join } from "node:path";
import { launchBrowser, openHeadlessTab } from "../e2e/tabs.ts";
import { bundleJob } from "../sdk/bundle.ts";
import type { HubClient } from "../sdk/hub-client.ts";
import { BareWorkers } from "./bare-workers.ts";
import type { Benchmark, Settings } from "./benchmark.ts";
import { completed, submitRange } from "./grid-job.ts";
import { interleaved } from "./interleaved.ts";
import { MeasuredHub } from "./measured-hub.ts";
import { median } from "./median.ts";
import type { Row } from "./result.ts";

const KERNELS = ["mandelbrot", "sieve", "n-body", "xorshift-wasm"] as const;
/** As many as are measured with on the machine that the bar was set on: one a core. */
const WORKERS = 2;
const TRIED_TASKS = 100;

/** Real kernels through the grid beside plain workers of the same kind of browser that run the same module. */
export const compute: Benchmark = {
  name: "compute",
  title: "Real kernels",
  runs: 5,
  seconds: 5,
  async run(settings) {
    // One page each: what is not in front of its browser gets less of the processor.
    const [gridBrowser, bareBrowser] = [await launchBrowser(), await launchBrowser()];
    const hub = await MeasuredHub.start(settings);
    const bare = await BareWorkers.open(bareBrowser);
    try {
      await openHeadlessTab(gridBrowser, hub.process, WORKERS);
      const rows: Row[] = [];
      for (const kernel of settings.quick ? KERNELS.slice(-1) : KERNELS) rows.push(...await measure(settings, hub.client, bare, kernel));
      return { rows, notes: [
        `The grid runs each in a tab of ${WORKERS} slots and is timed from submit to the last result on disk; the bare page runs the same bundle in ${WORKERS} module workers, a task a message and one queued ahead, and is timed from their start to the last output. Outputs are compared.`,
      ] };
    } finally {
      await bare.close();
      await gridBrowser.close();
      await bareBrowser.close();
      await hub.close();
    }
  },
};

async function measure({ runs, seconds, quick, say }: Settings, client: HubClient, bare: BareWorkers, kernel: string): Promise<Row[]> {
  const { source } = await bundleJob(join(import.meta.dirname, "kernels", `${kernel}.ts`));
  const tried = quick ? 4 : TRIED_TASKS;
  const { elapsedMs } = await bare.run(source, tried, WORKERS);
  const tasks = Math.max(tried, Math.round(tried / elapsedMs * seconds * 1000));
  let expected: readonly unknown[] = [];
  const measured = await interleaved(runs, new Map([
    ["bare", async () => {
      const { elapsedMs, outputs } = await bare.run(source, tasks, WORKERS);
      expected = outputs;
      return tasks / elapsedMs * 1000;
    }],
    ["grid", async () => {
      const startedAt = performance.now();
      const jobId = await submitRange(client, source, tasks);
      await completed(client, jobId);
      const elapsedMs = performance.now() - startedAt;
      await compare(client, jobId, expected);
      return tasks / elapsedMs * 1000;
    }],
  ]));
  const [ours, theirs] = [[...measured.get("grid") ?? []], [...measured.get("bare") ?? []]];
  say(`${kernel}: ${median(ours).toFixed(1)} tasks/s, bare ${median(theirs).toFixed(1)}`);
  return [
    { what: kernel, unit: "tasks/s", better: "more", ours, peer: { name: "bare workers", figures: theirs } },
    { what: `${kernel}, share of bare workers`, unit: "%", better: "more", ours: ours.map((rate, run) => 100 * rate / (theirs[run] ?? Number.NaN)), target: 98 },
  ];
}

/** Throws Error where the grid's outputs are not those of the bare workers. */
async function compare(client: HubClient, jobId: string, expected: readonly unknown[]): Promise<void> {
  let next = 0;
  for await (const line of client.results(jobId)) {
    if (!("output" in line) || line.output !== expected[next]) throw new Error(`Cannot trust this figure: result ${next} is ${JSON.stringify(line)}, bare workers gave ${String(expected[next])}`);
    next++;
  }
  if (next !== expected.length) throw new Error(`Cannot trust this figure: ${next} of ${expected.length} results came`);
}
