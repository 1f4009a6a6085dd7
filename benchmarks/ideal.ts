import type { Benchmark, Settings } from "./benchmark.ts";
import { NO_OP, runMs } from "./grid-job.ts";
import { MeasuredHub } from "./measured-hub.ts";
import type { Row } from "./result.ts";
import { SyntheticServers } from "./synthetic-servers.ts";

const PUBLISHED = "published";

interface Size {
  readonly count: number;
  /** What Pando reaches with as many tabs, in tasks of a second (NUMBERS: its published scaling). */
  readonly pandoTasksPerSecond: number;
}
const SIZES: readonly Size[] = [{ count: 100, pandoTasksPerSecond: 69.45 }, { count: 1000, pandoTasksPerSecond: 541.4 }];
/** Until as many tabs are connected, as Pando's authors measured it. */
const PANDO_CONNECT_S = [21, 55];

/** Tasks of exactly one second: whatever is missing to one a second and server is the grid's own. */
export const ideal: Benchmark = {
  name: "ideal",
  title: "Against the ideal",
  runs: 3,
  seconds: 12,
  async run(settings) {
    const rows: Row[] = [];
    for (const size of settings.quick ? [{ count: 10, pandoTasksPerSecond: 8.3 }] : SIZES) rows.push(...await measure(settings, size));
    return {
      rows,
      notes: [
        "Ideal is one task a second and Compute Server. \"As it goes on\" counts from each slot's first task to its last: what is missing is time between tasks. The job in all counts from its submission to its last result on disk.",
        "Slots sleep a second by Node's timer, which is late by up to a millisecond.",
      ],
    };
  },
};

async function measure(settings: Settings, { count, pandoTasksPerSecond }: Size): Promise<Row[]> {
  const [taskMs, length] = settings.quick ? [50, 4] : [1000, Math.max(4, Math.round(settings.seconds))];
  const connectS: number[] = [];
  const whole: number[] = [];
  const goingOn: number[] = [];
  for (let run = 0; run < settings.runs; run++) {
    const hub = await MeasuredHub.start(settings);
    const servers = await SyntheticServers.prepare();
    try {
      const startedAt = performance.now();
      await servers.connect(hub.url, { count, taskMs });
      connectS.push((performance.now() - startedAt) / 1000);
      await runMs(hub.client, NO_OP, count); // the hub's code is compiled
      const tasks = count * length;
      await servers.takeWork();
      const wholeMs = await runMs(hub.client, NO_OP, tasks);
      // In tasks of a second, whatever a task takes here.
      whole.push(tasks * taskMs / wholeMs);
      goingOn.push(count * tasks * taskMs / (await servers.takeWork()).spansMs);
      settings.say(`${count} servers: connected in ${connectS.at(-1)?.toFixed(2)} s, ${goingOn.at(-1)?.toFixed(1)} tasks/s as it goes on, ${whole.at(-1)?.toFixed(1)} in all`);
      await servers.stop();
    } finally {
      servers.kill();
      await hub.close();
    }
  }
  const what = `${count.toLocaleString("en")} Compute Servers, tasks of 1 s`;
  const pando = { name: "Pando", figures: [pandoTasksPerSecond], source: PUBLISHED };
  return [
    { what: `${what}, as it goes on`, unit: "tasks/s", better: "more", ours: goingOn, peer: pando, target: count * 0.99 },
    { what: `${what}, a job of ${length} s in all`, unit: "tasks/s", better: "more", ours: whole },
    {
      what: `${count.toLocaleString("en")} Compute Servers connect and register`, unit: "s", better: "less", ours: connectS,
      ...(count === 1000 ? { peer: { name: "Pando, tabs", figures: PANDO_CONNECT_S, source: PUBLISHED }, target: 1 } : {}),
    },
  ];
}
