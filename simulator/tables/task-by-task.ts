import type { SeededRandom } from "../../scheduler/seeded-random.ts";
import { exponential } from "../distributions.ts";
import { EventQueue } from "../event-queue.ts";
import { controlledMean, scaled, type Estimate } from "./estimate.ts";
import { sample } from "./placement-rules.ts";
import { centralQueueTime } from "./queueing-formulas.ts";
import type { QueueingRun } from "./queueing-run.ts";

/** Mean service time, so that virtual time is in milliseconds here as everywhere. */
const MEAN_MS = 1_000;

interface Arrival {
  readonly atMs: number;
  readonly serviceMs: number;
}

/**
 * The same as the chain, without its tricks: every task arrives, waits in its server's first-in-first-out queue, is served
 * and leaves, by the event queue, placed by the shipped `two-choices`; its time in system is taken by the clock. Controls:
 * the mean service, the mean time between arrivals, and the same tasks' time in one central queue. In mean service times.
 */
export function taskByTask(run: QueueingRun, random: SeededRandom): Estimate {
  const { servers, load, warmUp, batchTime, batches } = run;
  const place = serversOf(servers, random);
  const placeCentrally = centralQueue(servers);
  const betweenArrivals = exponential(MEAN_MS / (load * servers));
  const service = exponential(MEAN_MS);
  let nowMs = 0;
  const batch = (tasks: number) => {
    const beganAtMs = nowMs;
    let sumMs = 0;
    let centralSumMs = 0;
    let serviceSumMs = 0;
    for (let task = 0; task < tasks; task++) {
      nowMs += betweenArrivals.draw(random);
      const arrival = { atMs: nowMs, serviceMs: service.draw(random) };
      sumMs += place(arrival) - nowMs;
      centralSumMs += placeCentrally(arrival) - nowMs;
      serviceSumMs += arrival.serviceMs;
    }
    return { meanMs: sumMs / tasks, centralMs: centralSumMs / tasks, serviceMs: serviceSumMs / tasks, betweenMs: (nowMs - beganAtMs) / tasks };
  };
  const tasksIn = (time: number) => Math.max(1, Math.round(time * load * servers));
  batch(tasksIn(warmUp));
  const measured = Array.from({ length: batches }, () => batch(tasksIn(batchTime)));
  const mean = controlledMean(measured.map(({ meanMs }) => meanMs), [
    { batches: measured.map(({ serviceMs }) => serviceMs), trueMean: MEAN_MS },
    { batches: measured.map(({ betweenMs }) => betweenMs), trueMean: betweenArrivals.mean },
    { batches: measured.map(({ centralMs }) => centralMs), trueMean: centralQueueTime(load, servers) * MEAN_MS },
  ]);
  return scaled(mean, 1 / MEAN_MS);
}

/** Takes an arrival and says when it will leave: first in, first out, so that nothing later changes that. */
function serversOf(count: number, random: SeededRandom): (arrival: Arrival) => number {
  const departures = new EventQueue<number>();
  const lengths = new Int32Array(count);
  const freeAtMs = new Float64Array(count);
  const choose = sample(2, count, (server) => lengths[server] ?? 0, random);
  return ({ atMs, serviceMs }) => {
    for (let next = departures.peek(); next !== undefined && next.atMs <= atMs; next = departures.peek()) {
      lengths[next.payload] = (lengths[next.payload] ?? 0) - 1;
      departures.pop();
    }
    const server = choose();
    const leavesAtMs = Math.max(atMs, freeAtMs[server] ?? 0) + serviceMs;
    freeAtMs[server] = leavesAtMs;
    lengths[server] = (lengths[server] ?? 0) + 1;
    departures.push(leavesAtMs, server);
    return leavesAtMs;
  };
}

/** The first in the queue goes to the server that is free first. */
function centralQueue(count: number): (arrival: Arrival) => number {
  const free = new EventQueue<number>();
  for (let server = 0; server < count; server++) free.push(0, server);
  return ({ atMs, serviceMs }) => {
    const first = free.pop();
    const leavesAtMs = Math.max(atMs, first?.atMs ?? 0) + serviceMs;
    free.push(leavesAtMs, first?.payload ?? 0);
    return leavesAtMs;
  };
}
