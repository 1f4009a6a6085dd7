import { once } from "node:events";
import { createServer, type Server } from "node:http";
import pino from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { CLOSE_CODES } from "../../protocol/close-codes.ts";
import { encodeUp } from "../../protocol/codec.ts";
import type { Down } from "../../protocol/down.ts";
import { batchIdSchema, computeServerIdSchema, executableIdSchema, jobIdSchema } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { Up } from "../../protocol/up.ts";
import { ComputeLink, type LinkOwner } from "./link.ts";
import { LINK_LIMITS } from "./link-limits.ts";

let server: Server;
let peer: WebSocket;
let link: ComputeLink;
let taken: Up["type"][];
let takes: () => Promise<void>;

beforeEach(async () => {
  taken = [];
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
  };
  server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false, autoPong: false });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot tell the test's port");
  peer = new WebSocket(`ws://127.0.0.1:${address.port}`);
  const [socket] = await Promise.all([
    new Promise<WebSocket>((resolve) => { sockets.once("connection", resolve); }),
    once(peer, "open"),
  ]);
  link = new ComputeLink(socket, "127.0.0.1", owner, pino({ level: "silent" }));
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
