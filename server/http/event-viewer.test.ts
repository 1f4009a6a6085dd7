import { createServer, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import express, { type Response } from "express";
import { afterEach, describe, expect, test } from "vitest";
import { EventViewer } from "./event-viewer.ts";

const LOOK = { base: "http://hub", maySteer: true, key: null };
const KIB_64 = "x".repeat(64 * 1024);

let server: Server;
let socket: Socket;
afterEach(() => {
  socket.destroy();
  server.close();
  server.closeAllConnections();
});

/** A viewer whose reader has connected and does not read. */
async function viewerOfSilentReader(): Promise<EventViewer> {
  return new EventViewer(await responseToSilentReader(), LOOK, () => Promise.resolve(true));
}

async function responseToSilentReader(): Promise<Response> {
  return await new Promise((resolve) => {
    const app = express().get("/", (_request, response) => resolve(response));
    server = createServer(app).listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("Cannot tell the port");
      socket = connect(address.port, "127.0.0.1");
      socket.pause();
      socket.write("GET / HTTP/1.1\r\nHost: hub\r\n\r\n");
    });
  });
}

async function fallBehind(viewer: EventViewer): Promise<number> {
  for (let sent = 1; sent < 10_000; sent++) {
    if (viewer.send(KIB_64)) return sent;
    // What the system's own buffers take has left this process.
    await new Promise((resolve) => { setImmediate(resolve); });
  }
  throw new Error("Cannot make the reader fall behind: it took 640 MiB");
}

describe("EventViewer", () => {
  test("send: a reader that does not read falls behind, is buffered for no more, and is told once (R9)", async () => {
    const viewer = await viewerOfSilentReader();
    viewer.beginState();
    expect(await viewer.endState()).toBe(true);
    await fallBehind(viewer);
    const held = viewer.heldBackBytes;
    expect(held).toBeLessThan(512 * 1024);
    for (let i = 0; i < 1_000; i++) expect(viewer.send(KIB_64)).toBe(false);
    viewer.heartbeat();
    expect(viewer.heldBackBytes).toBe(held);
  });

  test("drained: settles when the reader reads on, and the state brings it back", async () => {
    const viewer = await viewerOfSilentReader();
    viewer.beginState();
    await viewer.endState();
    await fallBehind(viewer);
    let read = 0;
    socket.on("data", (chunk) => { read += chunk.byteLength; });
    socket.resume();
    await viewer.drained();
    viewer.beginState();
    expect(viewer.send("id: 1\nevent: log\ndata: {}\n\n")).toBe(false);
    expect(await viewer.endState()).toBe(true);
    expect(read).toBeGreaterThan(0);
    expect(viewer.sendJob("2", "{}")).toBe(false);
  });

  test("endState: so much changed while the state was sent that it has to be sent anew", async () => {
    const viewer = await viewerOfSilentReader();
    viewer.beginState();
    for (let i = 0; i < 10; i++) viewer.send(KIB_64);
    expect(await viewer.endState()).toBe(false);
    viewer.beginState();
    expect(await viewer.endState()).toBe(true);
  });

  test("drained: settles when the reader leaves", async () => {
    const viewer = await viewerOfSilentReader();
    viewer.beginState();
    await viewer.endState();
    await fallBehind(viewer);
    const drained = viewer.drained();
    socket.destroy();
    await drained;
    expect(viewer.closed.aborted).toBe(true);
  });

  test("closed: a reader that left before its viewer was made has left", async () => {
    const response = await responseToSilentReader();
    const closed = new Promise((resolve) => { response.once("close", resolve); });
    socket.destroy();
    await closed;
    expect(new EventViewer(response, LOOK, () => Promise.resolve(true)).closed.aborted).toBe(true);
  });
});
