import { describe, expect, it } from "vitest";
import { decodeDown, decodeUp } from "../protocol/codec.ts";
import type { Down } from "../protocol/down.ts";
import type { Up } from "../protocol/up.ts";
import { SeededRandom } from "../scheduler/seeded-random.ts";
import { only } from "../scheduler/fake-events.ts";
import type { Command } from "../scheduler/command.ts";
import type { SchedulerEvent } from "../scheduler/event.ts";
import { MessageMeter } from "./message-meter.ts";
import { TAB_RESIDUE } from "./population.ts";
import { levelsOf, limitsOf, type Deployment } from "./scale-levels.ts";
import { describeGrowth, describeScale } from "./scale-report.ts";
import { measureBalancer, type ScaleOptions } from "./scale.ts";
import type { Machine } from "./simulated-server.ts";
import { World, type OutcomesEvent } from "./world.ts";

const SMALL: ScaleOptions = { seed: 7, tabs: 60, slots: 2, taskMs: 200, measureMs: 20_000, outputBytes: 100, inputBytes: null };
const HUNDRED: Deployment = { balancers: 100, spanMs: 10_000, resultsPerRow: 100, commitMs: 10 };
const TAB: Machine = { slots: 3, speed: 1, leaseMs: 30_000, lieShare: 0, link: { latencyMs: 5 }, sparing: true };

/** A world whose meter counts from the start, what it encoded, and what happened. */
function meteredWorld(inputBytes: number | null): { world: World; meter: MessageMeter; up: Up[]; down: Down[]; events: SchedulerEvent[]; commands: Command[]; framed: OutcomesEvent[][] } {
  const world = new World(1);
  const [up, down, events, commands, framed]: [Up[], Down[], SchedulerEvent[], Command[], OutcomesEvent[][]] = [[], [], [], [], []];
  const meter = new MessageMeter({ outputBytes: 100, inputBytes, frame: (direction, encode) => {
    const frame = encode();
    if (direction === "up") up.push(decodeUp(frame));
    else down.push(decodeDown(frame));
    return frame;
  } });
  meter.start();
  world.observer = {
    busy: (server, fromMs, toMs) => { meter.busy(server, fromMs, toMs); },
    presenceChanged: () => {},
    commanded: (event, all) => { events.push(event); commands.push(...all); meter.commanded(event, all); },
    framed: (reports) => { framed.push([...reports]); meter.framed(reports); },
  };
  world.startLoadBalancer();
  return { world, meter, up, down, events, commands, framed };
}

describe("MessageMeter", () => {
  it("counts a frame for each message, and every frame is one that the real codec reads", () => {
    const { world, meter, up, down, events, commands, framed } = meteredWorld(40);
    const servers = [world.join(TAB), world.join(TAB), world.join(TAB)];
    world.submit({ tasks: 400, lengthMs: (index) => 20 + (index % 7) * 40, failures: (index) => (index === 9 ? 1 : 0) });
    world.run(1_500);
    servers[0]?.loseLink(true);
    world.run(500);
    if (servers[0] !== undefined) world.comeBack(servers[0], true);
    servers[1]?.leave();
    servers[2]?.setSlots(1);
    servers[2]?.release();
    world.run(1_000_000, () => world.jobs.every(({ hasEnded }) => hasEnded));
    world.run(20_000);

    const framesOf = (type: (Up | Down)["type"]) => meter.frames.get(type)?.frames ?? 0;
    const eventsOf = (type: SchedulerEvent["type"]) => events.filter((event) => event.type === type).length;
    expect(framesOf("register")).toBe(eventsOf("server-registered"));
    expect(framesOf("renew")).toBe(eventsOf("server-renewed"));
    expect(framesOf("release")).toBe(eventsOf("released"));
    expect(framesOf("unregister")).toBe(1);
    expect(framesOf("outcomes")).toBe(framed.length);
    expect(framed.flat().length).toBe(eventsOf("outcomes"));
    expect(framesOf("acknowledge")).toBe(framed.length);
    expect(framesOf("registered")).toBe(only("grant-lease", commands).length);
    expect(framesOf("assign")).toBe(only("assign", commands).length);
    expect(meter.counts.results).toBe(400);
    expect(meter.counts.events).toBe(events.length);
    expect(meter.counts.enrolments).toBe(3);
    expect(up.filter((message) => message.type === "register" && message.resume !== undefined)).toHaveLength(1);
    // The sum of all is what was encoded.
    expect([...meter.frames.values()].reduce((sum, { frames }) => sum + frames, 0)).toBe(up.length + down.length);
    for (const [type, { bytes, frames }] of meter.frames) expect(bytes, type).toBeGreaterThan(15 * frames);
  });

  it("outputs and inputs weigh what they are said to weigh", () => {
    const bytesOf = (inputBytes: number | null) => {
      const { world, meter } = meteredWorld(inputBytes);
      world.join(TAB);
      world.submit({ tasks: 100, lengthMs: () => 100 });
      world.run(1_000_000, () => world.jobs.every(({ hasEnded }) => hasEnded));
      return { up: meter.frames.get("outcomes")?.bytes ?? 0, down: meter.frames.get("assign")?.bytes ?? 0 };
    };
    const [range, values] = [bytesOf(null), bytesOf(1_000)];
    expect(range.up).toBe(values.up);
    expect(range.up).toBeGreaterThan(100 * 100);
    expect(values.down - range.down).toBeGreaterThan(100 * 1_000);
    expect(values.down - range.down).toBeLessThan(100 * 1_100);
  });
});

describe("SimulatedServer", () => {
  it("sparing: reports of several slots share a frame, and who sends them renews nothing", () => {
    const { world, framed, events } = meteredWorld(null);
    world.join({ ...TAB, slots: 8 });
    const job = world.submit({ tasks: 4_000, lengthMs: () => 50 });
    world.run(20_000);
    expect(job.accepted.count).toBeGreaterThan(2_000);
    expect(framed.flat().length).toBeGreaterThan(2 * framed.length);
    // At its registration.
    expect(events.filter(({ type }) => type === "server-renewed")).toHaveLength(1);
    world.run(1_000_000, () => job.hasEnded);
    const endedAtMs = world.nowMs;
    world.run(60_000);
    const silent = events.filter(({ type }) => type === "server-renewed").length - 1;
    expect(silent).toBeGreaterThanOrEqual(60_000 / 10_000);
    expect(silent).toBeLessThanOrEqual((world.nowMs - endedAtMs) / 5_000 + 1);
  });

  it("sparing: what gathers while the link goes is sent again, and every task ends once", () => {
    const { world } = meteredWorld(null);
    const server = world.join(TAB);
    const job = world.submit({ tasks: 500, lengthMs: (index) => 10 + (index % 13) * 5 });
    for (let i = 0; i < 30 && !job.hasEnded; i++) {
      world.run(133);
      server.loseLink(true);
      world.run(40);
      world.comeBack(server, true);
    }
    world.run(1_000_000, () => job.hasEnded);
    expect(job.state).toBe("completed");
    expect(job.accepted.count).toBe(500);
  });
});

describe("TAB_RESIDUE", () => {
  it("is what is left of a session that is met at some moment: E[S²] / 2 E[S]", () => {
    const minuteMs = 60_000;
    const [mean, square] = [0.85 * 3.4 + 0.15 * 150, 2 * (0.85 * 3.4 ** 2 + 0.15 * 150 ** 2)];
    expect(TAB_RESIDUE.mean / minuteMs).toBeCloseTo((1 + 2 * mean + square) / (2 * (1 + mean)), 6);
    const random = new SeededRandom(3);
    let sum = 0;
    for (let i = 0; i < 200_000; i++) sum += TAB_RESIDUE.draw(random);
    expect(Math.abs(sum / 200_000 / TAB_RESIDUE.mean - 1)).toBeLessThan(0.02);
  });
});

describe("measureBalancer", () => {
  it("the same seed gives the same figures and the same trace, another seed others (R10)", () => {
    const [once, again, other] = [measureBalancer(SMALL), measureBalancer(SMALL), measureBalancer({ ...SMALL, seed: 8 })];
    expect(again).toEqual(once);
    expect(other.traceHash).not.toBe(once.traceHash);
  });

  it("keeps slots at work, and ends by its events where those come first", () => {
    const { frames, counts, virtualMs } = measureBalancer(SMALL);
    expect(virtualMs).toBe(20_000);
    const acknowledged = frames.get("acknowledge")?.frames ?? 0;
    expect(acknowledged).toBe(frames.get("outcomes")?.frames);
    expect(counts.batches).toBe(frames.get("assign")?.frames);
    expect(counts.resultRows).toBeLessThanOrEqual(counts.results);
    expect(counts.busyMs / (virtualMs * SMALL.tabs * SMALL.slots)).toBeGreaterThan(0.9);
    const few = measureBalancer({ ...SMALL, maxEvents: 1_000 });
    expect(few.virtualMs).toBeLessThan(virtualMs);
    expect(few.counts.events).toBeGreaterThanOrEqual(1_000);
  });

  it("times the scheduler and the codec, less what the machine gave to others", () => {
    let wallMs = 0;
    // A clock that goes on by itself whenever it is looked at, of which this thread has half.
    const core = measureBalancer({ ...SMALL, measureMs: 1_000, clocks: { wallMs: () => wallMs++, cpuMs: () => wallMs / 2 } }).core;
    const { counts } = measureBalancer({ ...SMALL, measureMs: 1_000 });
    expect(Math.abs((core?.schedulerMs ?? 0) / (counts.events / 2) - 1)).toBeLessThan(0.05);
    expect(core?.codecMs).toBeGreaterThan(0);
  });
});

describe("levelsOf", () => {
  it("the levels add up: a hundred Load Balancers are a hundred times one, and a tab its part of one", () => {
    const figures = measureBalancer(SMALL);
    const { tab, balancer, archive } = levelsOf(figures, HUNDRED);
    const bytes = [...figures.frames.values()].reduce((sum, tally) => sum + tally.bytes, 0);
    const frames = [...figures.frames.values()].reduce((sum, tally) => sum + tally.frames, 0);
    expect(balancer.bytesUp + balancer.bytesDown).toBeCloseTo(bytes / 20, 6);
    expect(balancer.frames).toBeCloseTo(frames / 20, 6);
    expect(SMALL.tabs * (tab.framesUp + tab.framesDown)).toBeCloseTo(balancer.frames, 6);
    expect(archive.results).toBeCloseTo(100 * balancer.tasks, 6);
    expect(archive.outputBytes).toBeCloseTo(100 * archive.results, 6);
    expect(archive.rowsGathered).toBeCloseTo(archive.results / 100, 6);
    expect(archive.commits).toBe(10_000);
    expect(archive.spans).toBe(10);
    expect(balancer.schedulerShare).toBeNull();
  });

  it("limitsOf: the first to give way is on top, and what was not timed is not judged", () => {
    const limits = limitsOf(levelsOf(measureBalancer(SMALL), HUNDRED));
    expect(limits.map(({ times }) => times)).toEqual(limits.map(({ times }) => times).toSorted((a, b) => b - a));
    expect(limits.map(({ what }) => what)).not.toContain("hub: one core");
    expect(limits[0]?.times).toBeGreaterThan(0);
  });

  it("describeScale and describeGrowth: a column a task length, a row a number of tabs", () => {
    const figures = measureBalancer(SMALL);
    const lines = describeScale([figures, figures], HUNDRED);
    expect(lines).toContain("| frame | tasks of 0.2 s | tasks of 0.2 s |");
    expect(lines.filter((line) => line.startsWith("| PostgreSQL: commits | 10,000 | 10,000 |"))).toHaveLength(1);
    expect(describeGrowth([figures]).at(-2)).toMatch(/^\| 60 \| [\d,]+ \| not timed \| not timed \| not timed \|$/);
  });
});
