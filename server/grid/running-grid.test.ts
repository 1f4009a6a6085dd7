import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { CLOSE_CODES } from "../../protocol/close-codes.ts";
import type { ResultsArchive } from "../archive/archive.ts";
import { chunkOf } from "../archive/contract/samples.ts";
import { TestTab } from "../compute-link/test-tab.ts";
import { TestRunningGrid, type TestGridOptions } from "./test-running-grid.ts";

let hub: TestRunningGrid;

afterEach(() => hub.remove());

async function start(options: TestGridOptions = {}): Promise<void> {
  hub = await TestRunningGrid.start(options);
}

/** The real archive, of which one method waits at a gate. */
function gated(method: "saveResults" | "inputs") {
  const gate = { asked: 0, isOpen: false, open: () => undefined as void };
  const opened = new Promise<void>((resolve) => {
    gate.open = () => {
      gate.isOpen = true;
      resolve();
    };
  });
  const through = (archive: ResultsArchive): ResultsArchive => new Proxy(archive, {
    get(target, key): unknown {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== "function") return value;
      if (key !== method) return value.bind(target);
      return async (...args: unknown[]): Promise<unknown> => {
        gate.asked++;
        await opened;
        return Reflect.apply(value, target, args);
      };
    },
  });
  return { gate, through };
}

/** Everything that the hub sent before this has come. */
async function roundTrip(tab: TestTab): Promise<void> {
  tab.socket.ping();
  await once(tab.socket, "pong");
}

const fiveInputs = [chunkOf(0, [10, 11, 12, 13, 14])];

test("RunningGrid.report: nothing is acknowledged or shown while the disk stands still; after it, all is (R3)", async () => {
  const { gate, through } = gated("saveResults");
  await start({ through });
  const { jobId } = await hub.submit("stalled", 1);
  const shown: string[] = [];
  hub.grid.onChange(jobId, (_jobId, { type }) => shown.push(type));
  const tab = await TestTab.join(hub.port);
  tab.report(await tab.first("assign"), 1, [[0, 1]]);
  await expect.poll(() => gate.asked).toBe(1);
  await roundTrip(tab);
  expect(tab.all("acknowledge")).toEqual([]);
  expect(shown).not.toContain("results");
  expect((await hub.stored({ jobId })).done).toBe(0);
  gate.open();
  expect(await tab.first("acknowledge")).toMatchObject({ upTo: 1 });
  expect(shown).toContain("results");
  expect(await hub.stored({ jobId })).toMatchObject({ done: 1, state: "completed" });
});

test("RunningGrid.report: a result that the archive will never hold is not acknowledged, and the hub is told to stop (R3)", async () => {
  await start();
  const { jobId } = await hub.submit("torn", 1);
  const tab = await TestTab.join(hub.port);
  const assign = await tab.first("assign");
  await hub.archive.close();
  tab.report(assign, 1, [[0, 1]]);
  await tab.closed;
  expect(tab.all("acknowledge")).toEqual([]);
  expect(hub.fatal.length).toBeGreaterThan(0);
  expect(jobId).toBe(assign.jobId);
  await expect(hub.remove()).rejects.toThrow(/archive/);
  await start();
});

test("RunningGrid.cancel: of a job whose inputs are being read, nothing reaches the Compute Server any more", async () => {
  const { gate, through } = gated("inputs");
  await start({ through });
  const tab = await TestTab.join(hub.port);
  const { jobId } = await hub.submit("cancelled", 5, {}, fiveInputs);
  await expect.poll(() => gate.asked).toBe(1);
  const next = await hub.submit("next", 1);
  await hub.grid.cancel(jobId);
  gate.open();
  await tab.until("the next job", () => tab.all("assign").some((assign) => assign.jobId === next.jobId));
  const of = tab.received.filter((message) => message.type === "revoke" || (message.type === "assign" && message.jobId === jobId));
  expect(of.length === 0 || of.at(-1)?.type === "revoke").toBe(true);
});

test("RunningGrid: a link replaced while the inputs are read gets each task once (R2)", async () => {
  const { gate, through } = gated("inputs");
  await start({ through });
  const first = await TestTab.join(hub.port);
  await hub.submit("moved", 5, {}, fiveInputs);
  await expect.poll(() => gate.asked).toBe(1);
  const second = await TestTab.join(hub.port, { resume: first.identity });
  gate.open();
  const assign = await second.first("assign");
  second.report(assign, 1, [[0, 1]]);
  await second.first("acknowledge");
  const tasks = second.all("assign").flatMap(({ ranges }) => ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i)));
  expect(tasks).toEqual([...new Set(tasks)]);
  expect(first.all("assign")).toEqual([]);
});

test("RunningGrid: a job whose inputs cannot be read is paused, and the others run on", async () => {
  const broken = (archive: ResultsArchive): ResultsArchive => new Proxy(archive, {
    get(target, key): unknown {
      if (key === "inputs") return () => Promise.reject(new Error("the chunk is damaged"));
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  await start({ through: broken });
  const tab = await TestTab.join(hub.port);
  const { jobId } = await hub.submit("damaged", 5, {}, fiveInputs);
  await expect.poll(async () => (await hub.stored({ jobId })).state).toBe("paused");
  expect(hub.grid.job(jobId)).toMatchObject({ pending: 5, running: 0 });
  const { jobId: other } = await hub.submit("whole", 1);
  expect(await tab.first("assign")).toMatchObject({ jobId: other });
});

test("RunningGrid.restore: jobs go on after a restart, held batches are dropped, their late outcomes count once (R1, R2, R3)", async () => {
  await start();
  const running = await hub.submit("running", 3);
  const tab = await TestTab.join(hub.port);
  const assign = await tab.first("assign");
  tab.report(assign, 1, [[0, 1]]);
  await tab.first("acknowledge");
  const held = await tab.first("assign", 1);
  const paused = await hub.submit("paused", 2);
  await hub.grid.pause(paused.jobId);
  const again = await hub.stop();

  await start(again);
  expect((await hub.stored(running)).state).toBe("running");
  expect(hub.grid.job(running.jobId)).toMatchObject({ done: 1, pending: 2 });
  expect(hub.grid.job(paused.jobId)).toMatchObject({ pending: 2, waitingFor: expect.stringContaining("paused") });
  const back = await TestTab.join(hub.port, { resume: tab.identity, holding: [held.batchId] });
  expect(back.all("registered")[0]).toMatchObject({ computeServerId: tab.identity.computeServerId, drop: [held.batchId] });
  const fresh = await back.first("assign");
  expect(fresh.batchId).toBeGreaterThan(held.batchId);
  back.report(held, 2, [[0, 3]]); // 0 again, and what it had finished meanwhile
  await back.first("acknowledge");
  expect(await hub.stored(running)).toMatchObject({ state: "completed", done: 3 });
  await hub.grid.resume(paused.jobId);
  await back.until("the resumed job", () => back.all("assign").some(({ jobId }) => jobId === paused.jobId));
});

test("RunningGrid.retry: a job that has ended failed runs its failed tasks again, also when asked twice at once", async () => {
  await start();
  const { jobId } = await hub.submit("again", 1, { maxAttempts: 1 });
  const tab = await TestTab.join(hub.port);
  tab.reportFailures(await tab.first("assign"), 1, [0]);
  await tab.first("acknowledge");
  expect(await hub.stored({ jobId })).toMatchObject({ state: "failed", failed: 1 });
  await Promise.all([hub.grid.retry(jobId), hub.grid.retry(jobId)]);
  const assign = await tab.first("assign", 1);
  expect(await hub.stored({ jobId })).toMatchObject({ state: "running", failed: 0, endedAtMs: null });
  tab.report(assign, 2, [[0, 1]]);
  await tab.first("acknowledge", 1);
  expect(await hub.stored({ jobId })).toMatchObject({ state: "completed", done: 1, failed: 0 });
  expect(tab.all("assign").length).toBe(2);
  await expect(hub.grid.retry(jobId)).rejects.toThrow(/Cannot retry job .*: it is completed/);
});

test("RunningGrid: a lease that ends closes the link; who comes back holds nothing, and what it had finished counts (R4, R5)", async () => {
  await start({ maxLeaseMs: 2_000 });
  const { jobId } = await hub.submit("late", 1);
  const tab = await TestTab.join(hub.port);
  const assign = await tab.first("assign");
  expect((await tab.closed).code).toBe(CLOSE_CODES.leaseExpired);
  expect(hub.grid.job(jobId)).toMatchObject({ pending: 1, running: 0 });
  const back = await TestTab.open(hub.port);
  back.register({ resume: tab.identity, slots: 0, holding: [assign.batchId] });
  expect(await back.first("registered")).toMatchObject({ computeServerId: tab.identity.computeServerId, drop: [assign.batchId] });
  back.report(assign, 1, [[0, 1]]);
  await back.first("acknowledge");
  expect(await hub.stored({ jobId })).toMatchObject({ state: "completed", done: 1 });
});

test("RunningGrid: without a Load Balancer a job waits and says so, and a tab is told to come later", async () => {
  await start({ loadBalancer: false });
  const job = await hub.submit("waiting", 1);
  expect(hub.grid.job(job.jobId)?.waitingFor).toMatch(/No Load Balancer is registered/);
  const tab = await TestTab.open(hub.port);
  tab.register();
  expect((await tab.closed).code).toBe(CLOSE_CODES.tooMany);
  expect(tab.all("refuse")).toMatchObject([{ reason: expect.stringContaining("no Load Balancer is registered"), reload: false }]);
  expect((await hub.stored(job)).state).toBe("queued");
});

test("RunningGrid.dispatch: after drain nothing is assigned, results are still stored", async () => {
  await start();
  const { jobId } = await hub.submit("draining", 100);
  const tab = await TestTab.join(hub.port);
  const assign = await tab.first("assign");
  hub.grid.dispatch({ type: "drain" });
  hub.endpoint.drain(2_000);
  expect(await tab.first("drain")).toMatchObject({ retryAfterMs: 2_000 });
  const sent = tab.all("assign").length;
  tab.report(assign, 1, [[0, 1]]);
  await tab.first("acknowledge");
  await roundTrip(tab);
  expect(tab.all("assign").length).toBe(sent);
  expect((await hub.stored({ jobId })).done).toBe(1);
});

test("EmbeddedLoadBalancer: registers anew when its lease ran out, and tabs are served again (R4)", async () => {
  await start();
  const tab = await TestTab.join(hub.port);
  const [balancer] = hub.grid.loadBalancers();
  if (balancer === undefined) throw new Error("Cannot find the Load Balancer: none is registered");
  const { loadBalancerId } = balancer;
  // As if the process had stood still until just before the end of the lease.
  hub.grid.dispatch({ type: "load-balancer-registered", loadBalancerId, address: "here", leaseMs: 20 });
  await expect.poll(() => hub.grid.loadBalancers()[0]?.leaseLeftMs).toBeGreaterThan(10_000);
  await hub.submit("after", 1);
  tab.report(await tab.first("assign"), 1, [[0, 1]]);
  await tab.first("acknowledge");
});

test("RunningGrid: a job goes only to a tab that declared what it requires, also after a restart of the hub", async () => {
  await start();
  const { jobId } = await hub.submit("picky", 2, { requires: { capabilities: ["wasm-simd"], memoryMiB: 2_048 }, policy: "round-robin" });
  const plain = await TestTab.join(hub.port, { capabilities: ["wasm"], memoryMiB: 4_096 });
  await roundTrip(plain);
  expect(plain.all("assign")).toEqual([]);
  hub = await TestRunningGrid.start(await hub.stop());
  const again = await TestTab.join(hub.port, { capabilities: ["wasm"] });
  const fits = await TestTab.join(hub.port, { capabilities: ["wasm", "wasm-simd"], memoryMiB: 2_048 });
  expect(await fits.first("assign")).toMatchObject({ jobId });
  await roundTrip(again);
  expect(again.all("assign")).toEqual([]);
  expect(hub.grid.computeServers().map(({ memoryMiB, capabilities }) => [memoryMiB, ...capabilities])).toContainEqual([2_048, "wasm", "wasm-simd"]);
});
