import { afterEach, beforeEach, expect, test } from "vitest";
import type { Job } from "../protocol/http/job.ts";
import { encodeValue } from "../protocol/value.ts";
import { AnsweringServer, type Answer } from "./answering-server.ts";
import { HubProcess } from "./hub-process.ts";
import { allResults, ended, submitRange } from "./jobs.ts";
import { until } from "./tabs.ts";

let hub: HubProcess;
let servers: AnsweringServer[] = [];

beforeEach(async () => { hub = await HubProcess.start(); });
afterEach(async () => {
  for (const server of servers) server.stop();
  servers = [];
  await hub.remove();
});

const SQUARE = "export default (n) => n * n;";
const honest: Answer = (n) => encodeValue(n * n);
/** All liars tell the same lie. */
const lie: Answer = (n) => encodeValue(n * n + 1);

async function join(count: number, name: string, answer: Answer, engine?: string): Promise<void> {
  servers.push(...await Promise.all(Array.from({ length: count }, (_, i) => AnsweringServer.join(hub.url, `${name} ${i}`, answer, engine))));
}

/** "name: passed, failed" of every Compute Server. */
async function checks(): Promise<Map<string, { readonly passed: number; readonly failed: number }>> {
  const { computeServers } = await hub.client.computeServers();
  return new Map(computeServers.map(({ name, statistics }) => [name, { passed: statistics.checksPassed, failed: statistics.checksFailed }]));
}

async function expectRight(jobId: string, tasks: number): Promise<Job> {
  const job = await ended(hub, jobId, 150_000);
  expect(job).toMatchObject({ state: "completed", tasks: { done: tasks, failed: 0 } });
  expect(await allResults(hub, jobId)).toEqual(Array.from({ length: tasks }, (_, i) => ({ index: i, output: i * i })));
  return job;
}

test("credibility: of ten Compute Servers two lie in collusion, and every accepted result is right", async () => {
  await join(8, "honest", honest);
  await join(2, "liar", lie);
  const jobId = await submitRange(hub, "squares", SQUARE, 0, 3_000, { verification: { credibility: { errorRate: 0.01 } } });
  const job = await expectRight(jobId, 3_000);
  expect(job.verification).toMatchObject({ policy: { credibility: { errorRate: 0.01 } }, compare: "exact", provisional: 0, caughtServers: 2 });
  expect(job.verification.workFactor).toBeGreaterThan(1);
  for (const [name, { failed }] of await checks()) expect(`${name} ${failed > 0}`).toBe(`${name} ${name.startsWith("liar")}`);
}, 200_000);

test("quorum: three that agree, with one liar, through a kill -9 of the hub in between (R3)", async () => {
  await join(4, "honest", honest);
  await join(1, "liar", lie);
  const jobId = await submitRange(hub, "squares", SQUARE, 0, 4_000, { verification: { quorum: 3 } });
  const before = await until("some are accepted", () => hub.client.job(jobId), ({ tasks }) => tasks.done > 0);
  const shown = (await allResults(hub, jobId)).length;
  expect(shown).toBeGreaterThanOrEqual(before.tasks.done);
  await hub.stop("SIGKILL");
  await hub.start();
  expect((await allResults(hub, jobId)).length).toBeGreaterThanOrEqual(shown);
  const job = await expectRight(jobId, 4_000);
  expect(job.verification.workFactor).toBeGreaterThanOrEqual(3 * 0.5);
}, 200_000);

test("quorum: who spells the same number otherwise is no liar", async () => {
  const spelled: Answer = (n) => {
    const bytes = new DataView(new ArrayBuffer(9));
    bytes.setUint8(0, 0xcb); // a double, where everybody else writes a short integer
    bytes.setFloat64(1, n * n);
    return new Uint8Array(bytes.buffer);
  };
  await join(1, "honest", honest);
  await join(1, "speller", spelled);
  const jobId = await submitRange(hub, "squares", SQUARE, 0, 200, { verification: { quorum: 2 } });
  const job = await expectRight(jobId, 200);
  expect(job.verification.caughtServers).toBe(0);
  expect(job.verification.workFactor).toBeLessThan(2.2);
}, 120_000);

test("tolerance: answers that are close agree, one that is not does not", async () => {
  await join(1, "left", (n) => encodeValue({ root: Math.sqrt(n) * (1 + 1e-12) }), "chromium-140");
  await join(1, "right", (n) => encodeValue({ root: Math.sqrt(n) }), "firefox-140");
  await join(1, "liar", (n) => encodeValue({ root: Math.sqrt(n) + 0.01 }), "firefox-140");
  const jobId = await submitRange(hub, "roots", "export default (n) => ({ root: Math.sqrt(n) });", 0, 200, { verification: { quorum: 2 }, compare: { relative: 1e-9 } });
  const job = await ended(hub, jobId, 100_000);
  expect(job).toMatchObject({ state: "completed", verification: { compare: { relative: 1e-9 } } });
  for (const line of await allResults(hub, jobId)) expect(line).toEqual({ index: line.index, output: { root: expect.closeTo(Math.sqrt(line.index), 6) } });
}, 120_000);

test("provisional answers are shown to nobody before they are accepted", async () => {
  await join(1, "alone", lie);
  const jobId = await submitRange(hub, "squares", SQUARE, 0, 50, { verification: { quorum: 2 } });
  const job = await until("its answers are held", () => hub.client.job(jobId), ({ verification }) => verification.provisional === 50);
  expect(job).toMatchObject({ tasks: { done: 0 }, verification: { workFactor: null } });
  expect(await allResults(hub, jobId)).toEqual([]);
  expect(await (await fetch(`${hub.url}/api/jobs/${jobId}/results?format=csv`)).text()).not.toContain("2");
  await join(2, "honest", honest);
  await expectRight(jobId, 50);
}, 120_000);
