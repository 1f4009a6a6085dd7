import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import pino from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { CLOSE_CODES } from "../../protocol/close-codes.ts";
import { encodeUp } from "../../protocol/codec.ts";
import type { Down } from "../../protocol/down.ts";
import { batchIdSchema, computeServerIdSchema, executableIdSchema, jobIdSchema } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { Up } from "../../protocol/up.ts";
import { LINK_LIMITS } from "../limits.ts";
import { FrameTurns } from "./frame-turns.ts";
import { ComputeLink, type LinkOwner } from "./link.ts";

let server: Server;
let peer: WebSocket;
let link: ComputeLink;
let taken: Up["type"][];
let takes: () => Promise<void>;
let passed: string[];

beforeEach(async () => {
  taken = [];
  passed = [];
  takes = () => Promise.resolve();
  const owner: LinkOwner = {
    register: () => Promise.resolve(computeServerIdSchema.parse("a-compute-server")),
    message: async (_id, { type }) => {
      taken.push(type);
      await takes();
    },
    closed: () => undefined,
    disconnected: () => undefined,
    frameReceived: () => undefined,
    limitPassed: (limit) => passed.push(limit),
  };
  server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false, autoPong: false });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot tell the test's port");
  peer = new WebSocket(`ws://127.0.0.1:${address.port}`);
  const [[socket, connection]] = await Promise.all([
    new Promise<[WebSocket, Socket]>((resolve) => { sockets.once("connection", (opened, request) => resolve([opened, request.socket])); }),
    once(peer, "open"),
  ]);
  link = new ComputeLink(socket, { network: "127.0.0.1", connection }, new FrameTurns(), owner, pino({ level: "silent" }));
});
afterEach(async () => {
  peer.terminate();
  await new Promise((resolve) => { server.close(resolve); });
});

const batch: Down = {
  type: "assign", batchId: batchIdSchema.parse(1), jobId: jobIdSchema.parse("job-named-large"), jobName: "large", owner: "ada",
  executableId: executableIdSchema.parse("0".repeat(64)), ranges: [[0, 1]], taskTimeoutMs: 1_000,
  inputs: { kind: "values", packed: new Uint8Array(LIMITS.packedBytes), large: [] },
};

function isSettled(promise: Promise<void>): Promise<boolean> {
  return Promise.race([promise.then(() => true), new Promise<false>((resolve) => { setImmediate(() => resolve(false)); })]);
}

/** Sends batches until the peer, which does not read, holds up what follows. */
async function crowd(): Promise<number> {
  let sent = 0;
  while (await isSettled(link.room())) {
    link.send(batch);
    sent++;
  }
  return sent;
}

test("ComputeLink.room: waits while the peer does not read, goes on when it does, and nothing is lost", async () => {
  peer.pause();
  const sent = await crowd();
  const room = link.room();
  expect(await isSettled(room)).toBe(false);
  let received = 0;
  peer.on("message", () => received++);
  peer.resume();
  await room;
  await expect.poll(() => received).toBe(sent);
  expect(link.isOpen).toBe(true);
});

test("ComputeLink.room: settles when the peer is gone", async () => {
  peer.pause();
  await crowd();
  const room = link.room();
  peer.terminate();
  await room;
  expect(link.isOpen).toBe(false);
});

test("ComputeLink.send: a peer that never reads is closed as too large before it costs more than its limit (R9)", async () => {
  peer.pause();
  let sent = 0;
  while (link.isOpen) {
    link.send(batch);
    sent++;
  }
  const kernelBytes = 32 * 1024 * 1024;
  expect(sent * LIMITS.packedBytes).toBeLessThan(LINK_LIMITS.sendBufferBytes + kernelBytes);
  const closed = once(peer, "close");
  peer.resume();
  expect((await closed)[0]).toBe(CLOSE_CODES.tooLarge);
});

test("ComputeLink: while frames wait to be handled the socket is not read, and all are taken in at last (R9)", async () => {
  let go = (): void => undefined;
  const gate = new Promise<void>((resolve) => { go = resolve; });
  takes = () => gate;
  const message: Up = { type: "progress", running: [], logs: Array.from({ length: LIMITS.logLinesPerMessage }, () => ({ jobId: jobIdSchema.parse("some-job-id"), index: 0, line: "x".repeat(LIMITS.logLineChars) })) };
  const frames = 400;
  peer.send(encodeUp({ type: "register", name: "t", slots: 1, engine: "e", capabilities: [], leaseMs: 1_000, holding: [] }));
  for (let i = 0; i < frames; i++) peer.send(encodeUp(message));
  await expect.poll(() => taken.length).toBe(1);
  // What the hub does not read stays with the peer, but for what fits into the buffers between them.
  await expect.poll(() => peer.bufferedAmount).toBeGreaterThan(0);
  expect(peer.bufferedAmount).toBeGreaterThan(frames * 200_000 - LINK_LIMITS.waitingBytes - 32 * 1024 * 1024);
  go();
  await expect.poll(() => taken.length).toBe(frames);
});

test("ComputeLink.close: a reason of any characters fits into the close frame", async () => {
  const closed = once(peer, "close");
  link.close(CLOSE_CODES.malformed, `Cannot read this: ${"界🦄".repeat(100)}`);
  const [code, reason] = await closed;
  expect(code).toBe(CLOSE_CODES.malformed);
  expect(String(reason)).toMatch(/^Cannot read this: (界🦄)+界?$/u);
});

test("ComputeLink.look: fragments that never end close it as too large, whatever else they are (R9)", async () => {
  const closed = once(peer, "close");
  for (let i = 0; i < 3; i++) peer.send(new Uint8Array(1_000), { fin: false });
  await expect.poll(() => link.unfinishedBytes).toBeGreaterThan(3_000);
  link.look(0);
  peer.send(new Uint8Array(1_000), { fin: false });
  await expect.poll(() => link.unfinishedBytes).toBeGreaterThan(4_000);
  link.look(LINK_LIMITS.frameWithinMs - 1);
  expect([link.isOpen, passed]).toEqual([true, []]);
  link.look(LINK_LIMITS.frameWithinMs);
  expect(passed).toEqual(["frameWithinMs"]);
  expect((await closed)[0]).toBe(CLOSE_CODES.tooLarge);
});

test("ComputeLink.look: a peer whose frames end is left alone, however long it is quiet", async () => {
  peer.send(encodeUp({ type: "register", name: "t", slots: 1, engine: "e", capabilities: [], leaseMs: 1_000, holding: [] }));
  peer.send(encodeUp({ type: "renew", slots: 1 }));
  peer.ping("still there?");
  await once(peer, "pong");
  link.look(0);
  link.look(10 * LINK_LIMITS.frameWithinMs);
  expect([link.isOpen, link.unfinishedBytes, passed]).toEqual([true, 0, []]);
});

test("ComputeLink.look: a peer that takes nothing of what is on its way to it is cut off, one that reads on is not (R9)", async () => {
  peer.pause();
  await crowd();
  link.look(0);
  peer.resume();
  await link.room();
  peer.pause();
  await crowd();
  link.look(LINK_LIMITS.unreadMs);
  link.look(LINK_LIMITS.unreadMs + 1);
  link.look(2 * LINK_LIMITS.unreadMs);
  expect([link.isOpen, passed]).toEqual([true, []]);
  link.look(2 * LINK_LIMITS.unreadMs + 1);
  expect([link.isOpen, passed]).toEqual([false, ["unreadMs"]]);
});
