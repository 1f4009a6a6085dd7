import type { GridPulse } from "../protocol/http/registry.ts";
import type { Benchmark, Outcome, Settings } from "./benchmark.ts";
import { MeasuredHub } from "./measured-hub.ts";
import type { Row } from "./result.ts";
import { sleep, until } from "./sleep.ts";
import { SyntheticServers } from "./synthetic-servers.ts";

const CONNECTIONS = 10_000;
/** Of them as many die at once. */
const DYING = 1_000;
/** Connections that one process holds. */
const A_PROCESS = 3_000;
/** The lease that a tab asks for. */
const LEASE_MS = 30_000;
const LOOK_EVERY_MS = 20;
const KIB = 1024;
/** What ws alone costs a connection here, and when Pando notices a lost tab (NUMBERS). */
const WS_ALONE_KIB = 6.4;
const PANDO_NOTICES_S = 60;

/** What the hub shows of the grid now. */
type Pulse = () => Promise<GridPulse>;

interface Sizes {
  readonly staying: number;
  readonly dying: number;
  readonly leaseMs: number;
}

/** Ten thousand Compute Servers that are connected and do nothing but beat, and a thousand of them that die at once. */
export const connections: Benchmark = {
  name: "connections",
  title: "Ten thousand connections",
  runs: 1,
  seconds: 15,
  async run(settings) {
    const sizes: Sizes = settings.quick ? { staying: 40, dying: 10, leaseMs: 4_000 } : { staying: CONNECTIONS - DYING, dying: DYING, leaseMs: LEASE_MS };
    const outcomes: Outcome[] = [];
    for (let run = 0; run < settings.runs; run++) outcomes.push(await measure(settings, sizes));
    const [first] = outcomes;
    if (first === undefined) throw new Error("Cannot measure: there is no run");
    const rows = first.rows.map((row, i): Row => ({ ...row, ours: outcomes.flatMap(({ rows }) => rows[i]?.ours ?? []) }));
    return { rows, notes: first.notes };
  },
};

async function measure(settings: Settings, { staying, dying, leaseMs }: Sizes): Promise<Outcome> {
  const hub = await MeasuredHub.start(settings);
  const servers: SyntheticServers[] = [];
  try {
    const empty = await hub.usageWithoutGarbage();
    const counts = processCounts(staying);
    for (let i = 0; i <= counts.length; i++) servers.push(await SyntheticServers.prepare());
    const [mortal] = servers;
    if (mortal === undefined) throw new Error("Cannot measure: there are no servers");
    const startedAt = performance.now();
    await Promise.all(servers.map((process, i) => process.connect(hub.url, { count: i === 0 ? dying : counts[i - 1] ?? 0, leaseMs, mayBeLost: i === 0 })));
    const connectS = (performance.now() - startedAt) / 1000;
    const all = staying + dying;
    const pulse = () => {
      for (const process of servers) process.assertSound();
      return hub.client.grid();
    };
    settings.say(`${all} connected in ${connectS.toFixed(1)} s`);
    const rows = [
      row(`${all.toLocaleString("en")} Compute Servers connect and register`, "s", connectS),
      ...await atRest(settings, hub, empty, all),
      ...await cutOff(settings, pulse, mortal, all, dying),
      ...await fallenSilent(settings, pulse, mortal, { staying, dying, leaseMs }),
    ];
    await Promise.all(servers.slice(1).map((process) => process.stop()));
    return { rows, notes: [
      `Each renews its lease of ${leaseMs / 1000} s as a tab does, which is a frame in half a heartbeat to a whole one. Memory is that of the hub with them less that of the hub before, over their number.`,
      "Who is cut off counts as noticed when its slots are no longer the grid's; who falls silent (its process is stopped, its sockets stay open) when its lease is over.",
    ] };
  } finally {
    for (const process of servers) process.kill();
    await hub.close();
  }
}

/** What they cost while nothing happens but heartbeats. */
async function atRest({ seconds, say }: Settings, hub: MeasuredHub, empty: Awaited<ReturnType<MeasuredHub["usage"]>>, all: number): Promise<Row[]> {
  const full = await hub.usageWithoutGarbage();
  const startedAt = performance.now();
  await sleep(seconds * 1000);
  const later = await hub.usage();
  const cpuPercent = 100 * (later.cpuMs - full.cpuMs) / (performance.now() - startedAt);
  const [residentKiB, heapKiB] = [(full.residentBytes - empty.residentBytes) / all / KIB, (full.heapBytes - empty.heapBytes) / all / KIB];
  say(`${residentKiB.toFixed(1)} KiB each, ${heapKiB.toFixed(1)} of it JavaScript's objects; ${cpuPercent.toFixed(1)} % of a core`);
  return [
    { ...row("hub memory each", "KiB", residentKiB), peer: { name: "ws alone", figures: [WS_ALONE_KIB], source: "measured before" }, target: 12 },
    row("of it JavaScript's objects, without garbage", "KiB", heapKiB),
    row("hub's processor time, of one core", "%", cpuPercent),
  ];
}

/** Their sockets are destroyed at once; then they come back with their tokens. */
async function cutOff({ say }: Settings, pulse: Pulse, mortal: SyntheticServers, all: number, dying: number): Promise<Row[]> {
  const cutAt = performance.now();
  mortal.cut();
  await until("those that were cut off are noticed", async () => (await pulse()).slots === all - dying, LOOK_EVERY_MS);
  const noticedS = (performance.now() - cutAt) / 1000;
  const backAt = performance.now();
  await mortal.comeBack();
  await until("those that were cut off are back", async () => (await pulse()).slots === all, LOOK_EVERY_MS);
  const backS = (performance.now() - backAt) / 1000;
  say(`${dying} cut off: noticed in ${noticedS.toFixed(2)} s, back in ${backS.toFixed(2)} s`);
  return [
    row(`${dying.toLocaleString("en")} are cut off at once: noticed`, "s", noticedS),
    row("… and taken back", "s", backS),
  ];
}

/** They say nothing more, over sockets that stay open, until their leases are over; then they wake. */
async function fallenSilent({ say }: Settings, pulse: Pulse, mortal: SyntheticServers, { staying, dying, leaseMs }: Sizes): Promise<Row[]> {
  const frozenAt = performance.now();
  mortal.freeze();
  await until("silent ones are noticed", async () => (await pulse()).computeServers === staying, LOOK_EVERY_MS);
  const noticedS = (performance.now() - frozenAt) / 1000;
  const backAt = performance.now();
  mortal.thaw();
  await mortal.comeBack();
  await until("silent ones are back", async () => (await pulse()).slots === staying + dying, LOOK_EVERY_MS);
  const backS = (performance.now() - backAt) / 1000;
  say(`${dying} fell silent: noticed in ${noticedS.toFixed(2)} s, back in ${backS.toFixed(2)} s`);
  return [
    { ...row(`${dying.toLocaleString("en")} fall silent at once: all noticed`, "s", noticedS), peer: { name: "Pando, a tab", figures: [PANDO_NOTICES_S], source: "measured before" }, target: leaseMs / 1000 + 1 },
    row("… and taken back after their leases", "s", backS),
  ];
}

function row(what: string, unit: string, figure: number): Row {
  return { what, unit, better: "less", ours: [figure] };
}

function processCounts(servers: number): number[] {
  const counts: number[] = [];
  for (let left = servers; left > 0; left -= A_PROCESS) counts.push(Math.min(left, A_PROCESS));
  return counts;
}
