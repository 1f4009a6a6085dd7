import type { Browser } from "playwright-core";
import { launchBrowser, openHeadlessTab } from "../e2e/tabs.ts";
import type { HubClient } from "../sdk/hub-client.ts";
import type { Benchmark, Outcome, Settings } from "./benchmark.ts";
import { checkNoOp, completed, NO_OP, noOpRate, runMs, submitRange } from "./grid-job.ts";
import { interleaved } from "./interleaved.ts";
import { MeasuredHub } from "./measured-hub.ts";
import { installedPeers } from "./peers/installed-peers.ts";
import type { Peer } from "./peers/peer.ts";
import { piscina, piscinaInBatches } from "./peers/piscina.ts";
import type { Row } from "./result.ts";
import { SyntheticServers } from "./synthetic-servers.ts";

const TABS = 2;
const SYNTHETIC_SERVERS = 100;
const UNIT = "tasks/s";
const WITH_TABS = `no-op tasks, ${TABS} browser tabs`;
const WITH_SYNTHETIC = `no-op tasks, ${SYNTHETIC_SERVERS} synthetic Compute Servers`;

/** No-op tasks a second, end to end and on disk, beside other systems in the same run. */
export const throughput: Benchmark = {
  name: "throughput",
  title: "Throughput",
  runs: 5,
  seconds: 4,
  async run(settings) {
    const browser = await launchBrowser();
    const [tabsHub, syntheticHub] = [await MeasuredHub.start(settings), await MeasuredHub.start(settings)];
    try {
      await openTabs(browser, tabsHub);
      const servers = await SyntheticServers.start(syntheticHub.url, { count: settings.quick ? 5 : SYNTHETIC_SERVERS });
      const outcome = await measure(settings, tabsHub, syntheticHub);
      await servers.stop();
      return outcome;
    } finally {
      await browser.close();
      await tabsHub.close();
      await syntheticHub.close();
    }
  },
};

async function measure(settings: Settings, tabsHub: MeasuredHub, syntheticHub: MeasuredHub): Promise<Outcome> {
  const { peers, notes } = settings.quick ? { peers: [], notes: [] } : await installedPeers();
  const all: readonly Peer[] = [piscina, piscinaInBatches, ...peers];
  const ours = new Map([[WITH_TABS, await warmed(settings, tabsHub.client)], [WITH_SYNTHETIC, await warmed(settings, syntheticHub.client)]]);
  const contenders = new Map<string, () => Promise<number>>();
  for (const [what, rate] of [...ours, ...all.map((peer) => [peer.name, () => peer.rate(settings.seconds)] as const)]) {
    contenders.set(what, async () => {
      const figure = await rate();
      settings.say(`${what}: ${Math.round(figure).toLocaleString("en")} ${UNIT}`);
      return figure;
    });
  }
  const measured = await interleaved(settings.runs, contenders);
  const figures = (name: string) => [...measured.get(name) ?? []];
  const targets = new Map([[WITH_TABS, 250_000], [WITH_SYNTHETIC, 500_000]]);
  const rows = [...targets].flatMap(([what, target]) => all.map(({ name }, i): Row => ({
    what, unit: UNIT, better: "more", ours: figures(what), peer: { name, figures: figures(name) }, ...(i === 0 ? { target } : {}),
  })));
  return { rows, notes: ["Peers: nothing of piscina's is stored or leaves its process, nor does a result of Dask's; Redis at its defaults answers before anything is on disk.", ...notes] };
}

async function openTabs(browser: Browser, hub: MeasuredHub): Promise<void> {
  for (let tab = 0; tab < TABS; tab++) await openHeadlessTab(browser, hub.process, 1);
}

/** The first jobs start sandboxes and compile the hub's code; they tell how many tasks fill the time, and that results are right. */
async function warmed({ seconds, quick }: Settings, client: HubClient): Promise<() => Promise<number>> {
  const firstTasks = quick ? 2_000 : 500_000;
  await runMs(client, NO_OP, firstTasks);
  const jobId = await submitRange(client, NO_OP, firstTasks);
  await completed(client, jobId);
  await checkNoOp(client, jobId, firstTasks);
  const tasks = Math.max(1_000, Math.round(await noOpRate(client, firstTasks) * seconds));
  return () => noOpRate(client, tasks);
}
