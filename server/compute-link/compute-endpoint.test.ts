import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CLOSE_CODES } from "../../protocol/close-codes.ts";
import { encodeUp } from "../../protocol/codec.ts";
import { batchIdSchema, blobIdSchema, jobIdSchema, resumeTokenSchema } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { packValues } from "../../protocol/packed-values.ts";
import { TestRunningGrid } from "../grid/test-running-grid.ts";
import { LINK_LIMITS } from "../limits.ts";
import { TestTab } from "./test-tab.ts";

let hub: TestRunningGrid;
/** An honest tab that is there the whole time: whatever others send, it is served. */
let witness: TestTab;
let jobs = 0;

beforeAll(async () => {
  hub = await TestRunningGrid.start();
  witness = await TestTab.join(hub.port);
});
afterAll(async () => {
  await hub.remove();
});

/** The hub goes on for the others (R9): a job runs through from its submission to the acknowledgement. */
async function expectServing(): Promise<void> {
  const { jobId } = await hub.submit(`witness-${++jobs}`, 1);
  await witness.until("a batch of the new job", () => witness.all("assign").some((assign) => assign.jobId === jobId));
  const assign = witness.all("assign").find((candidate) => candidate.jobId === jobId);
  if (assign === undefined) throw new Error("Cannot find the batch that came");
  witness.report(assign, jobs, [[0, 1]]);
  await witness.until("the acknowledgement", () => witness.all("acknowledge").some(({ upTo }) => upTo === jobs));
  expect((await hub.stored({ jobId })).state).toBe("completed");
  expect(hub.fatal).toEqual([]);
}

const REGISTER = encodeUp({ type: "register", name: "t", slots: 1, engine: "e", capabilities: [], leaseMs: 1_000, holding: [] });

test.each<{ name: string; frame: Uint8Array | string }>([
  { name: "random bytes", frame: randomBytes(1_000) },
  { name: "no bytes", frame: new Uint8Array(0) },
  { name: "a frame that ends early", frame: REGISTER.slice(0, 20) },
  { name: "a frame with more behind it", frame: new Uint8Array([...REGISTER, 0xc0]) },
  { name: "text", frame: "register" },
  { name: "a message that a hub sends", frame: new Uint8Array([0x81, 0xa4, 0x74, 0x79, 0x70, 0x65, 0xa5, 0x64, 0x72, 0x61, 0x69, 0x6e]) },
  { name: "a renew before the register", frame: encodeUp({ type: "renew", slots: 1 }) },
  { name: "outcomes before the register", frame: encodeUp({ type: "outcomes", sequence: 1, reports: [{
    batchId: batchIdSchema.parse(1), jobId: jobIdSchema.parse("some-job-id"), done: [], outputs: packValues([]), large: [], failures: [], busyMs: 0,
  }] }) },
])("ComputeLink: $name closes it as malformed, and nothing else (R9)", async ({ frame }) => {
  const tab = await TestTab.open(hub.port);
  tab.socket.send(frame);
  expect(await tab.closed).toMatchObject({ code: CLOSE_CODES.malformed, reason: expect.stringMatching(/^Cannot /) });
  await expectServing();
});

test("ComputeLink: a second register closes it as malformed", async () => {
  const tab = await TestTab.join(hub.port);
  tab.register();
  expect((await tab.closed).code).toBe(CLOSE_CODES.malformed);
  await expectServing();
});

test("ComputeLink: a frame past the limit closes it as too big, before it is kept", async () => {
  const tab = await TestTab.open(hub.port);
  tab.socket.send(new Uint8Array(LIMITS.frameBytes + 1));
  expect((await tab.closed).code).toBe(1009);
  await expectServing();
});

test("ComputeLink: frames past the rate close it as too many", async () => {
  const tab = await TestTab.join(hub.port, { slots: 0 });
  const renew = encodeUp({ type: "renew", slots: 0 });
  for (let i = 0; i < 3 * LINK_LIMITS.framesBurst; i++) tab.socket.send(renew);
  expect((await tab.closed).code).toBe(CLOSE_CODES.tooMany);
  await expectServing();
});

test("ComputeLink: pings count as frames, so that answers to them do not pile up", async () => {
  const tab = await TestTab.open(hub.port);
  for (let i = 0; i < 3 * LINK_LIMITS.framesBurst; i++) tab.socket.ping();
  expect((await tab.closed).code).toBe(CLOSE_CODES.tooMany);
  const calm = await TestTab.open(hub.port);
  calm.socket.ping("still there?");
  const [data] = await once(calm.socket, "pong");
  expect(String(data)).toBe("still there?");
  calm.socket.terminate();
});

test("ComputeLink: after a frame that breaks it nothing more is taken in", async () => {
  const before = hub.grid.pulse().computeServers;
  const tab = await TestTab.open(hub.port);
  tab.socket.send(new Uint8Array([0xc1]));
  tab.register();
  expect((await tab.closed).code).toBe(CLOSE_CODES.malformed);
  await expectServing();
  expect(hub.grid.pulse().computeServers).toBe(before);
  expect(tab.received).toEqual([]);
});

test("ComputeLink: results, unregister and close that come at once are all taken in, in order", async () => {
  const tab = await TestTab.join(hub.port);
  const { jobId } = await hub.submit("goodbye", 2);
  const assign = await tab.first("assign");
  tab.report(assign, 1, [[assign.ranges[0]?.[0] ?? 0, assign.ranges[0]?.[1] ?? 0]]);
  tab.send({ type: "unregister" });
  tab.socket.close(1000);
  await tab.closed;
  await expect.poll(() => hub.grid.computeServers().some(({ computeServerId }) => computeServerId === tab.identity.computeServerId)).toBe(false);
  expect((await hub.stored({ jobId })).done).toBe(1);
  await hub.grid.cancel(jobId);
});

test.each(["0", "99", "%F0%9F%A6%84%E7%95%8C%E7%95%8C%E7%95%8C%E7%95%8C%E7%95%8C%E7%95%8C%E7%95%8C%E7%95%8C%E7%95%8C%E7%95%8C%E7%95%8C%E7%95%8C%E7%95%8C%E7%95%8C%E7%95%8C%E7%95%8C%E7%95%8C%E7%95%8C"])(
  "ComputeEndpoint: version %s is told to reload, and may not register",
  async (version) => {
    const before = hub.grid.pulse().computeServers;
    const tab = new TestTab(hub.port, `/compute?version=${version}`);
    tab.socket.once("open", () => tab.register());
    expect((await tab.closed).code).toBe(CLOSE_CODES.unsupportedVersion);
    expect(tab.all("refuse")).toMatchObject([{ reload: true }]);
    await expectServing();
    expect(hub.grid.pulse().computeServers).toBe(before);
  },
);

test.each(["//", "/", "/computer", "/compute/", "//compute?version=1", "http://[", "*"])("ComputeEndpoint: an upgrade of %s is answered 404 (R9)", async (path) => {
  const socket = connect(hub.port, "127.0.0.1");
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n\r\n`);
  const [answer] = await once(socket, "data");
  expect(String(answer)).toMatch(/^HTTP\/1\.1 404 /);
  socket.destroy();
  await expectServing();
});

test("ComputeEndpoint.register: a token that does not fit is refused as forbidden, and takes nothing from its owner", async () => {
  const tab = await TestTab.open(hub.port);
  tab.register({ resume: { ...witness.identity, resumeToken: resumeTokenSchema.parse("x".repeat(43)) } });
  expect((await tab.closed).code).toBe(CLOSE_CODES.forbidden);
  expect(tab.all("refuse")).toMatchObject([{ reload: false }]);
  await expectServing();
});

test("ComputeEndpoint.register: another link of the same Compute Server replaces the first, whose frames count no more", async () => {
  const first = await TestTab.join(hub.port, { slots: 0 });
  const second = await TestTab.join(hub.port, { slots: 0, resume: first.identity });
  first.send({ type: "unregister" });
  expect((await first.closed).code).toBe(CLOSE_CODES.replaced);
  expect(second.identity).toEqual(first.identity);
  await expectServing();
  expect(hub.grid.computeServers().find(({ computeServerId }) => computeServerId === first.identity.computeServerId)).toMatchObject({ connected: true });
  await second.leave();
});

test("ComputeEndpoint.register: a tab that goes while it registers leaves no Compute Server that is counted on", async () => {
  const { jobId } = await hub.submit("gone-early", 4);
  const before = witness.all("assign").length;
  for (let i = 0; i < 20; i++) {
    const tab = await TestTab.open(hub.port);
    tab.register();
    tab.socket.terminate();
    await tab.closed;
  }
  await expectServing();
  await expect.poll(() => hub.grid.computeServers().filter(({ connected }) => connected).length).toBe(1);
  await hub.grid.cancel(jobId);
  expect(witness.all("assign").length).toBeGreaterThan(before);
});

test("ComputeEndpoint.message: outcomes of foreign jobs and indexes that no job has are acknowledged and change nothing (R2, R5)", async () => {
  const { jobId } = await hub.submit("not-yours", 10, { maxAttempts: 1 });
  await hub.grid.pause(jobId);
  const tab = await TestTab.join(hub.port, { slots: 0 });
  const forged = { batchId: batchIdSchema.parse(77), jobId };
  tab.report({ ...forged, jobId: jobIdSchema.parse("no-such-job") }, 1, [[0, 3]]);
  tab.report(forged, 2, [[10, 12], [1_000, 1_001], [LIMITS.jobTasks - 1, LIMITS.jobTasks]]);
  tab.reportFailures(forged, 3, [0, 1, 2, 9, 10, 5_000]);
  await tab.until("all acknowledged", () => tab.all("acknowledge").some(({ upTo }) => upTo === 3));
  expect(await hub.stored({ jobId })).toMatchObject({ done: 0, failed: 0, state: "paused" });
  expect(hub.grid.job(jobId)).toMatchObject({ done: 0, failed: 0 });
  await hub.grid.cancel(jobId);
  await tab.leave();
  await expectServing();
});

test("ComputeEndpoint.message: a report that refers to a blob nobody stored closes the link, and is not accepted (R9)", async () => {
  const { jobId } = await hub.submit("blobless", 1);
  await hub.grid.pause(jobId);
  const tab = await TestTab.join(hub.port, { slots: 0 });
  tab.report({ batchId: batchIdSchema.parse(1), jobId }, 1, [[0, 1]], {
    outputs: packValues([new Uint8Array(0)]), large: [{ index: 0, blobId: blobIdSchema.parse("0".repeat(64)), bytes: 100_000 }],
  });
  expect(await tab.closed).toMatchObject({ code: CLOSE_CODES.malformed, reason: expect.stringContaining("not uploaded") });
  expect((await hub.stored({ jobId })).done).toBe(0);
  await hub.grid.cancel(jobId);
  await expectServing();
});
