import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AddressGuard } from "../address-guard.ts";
import { HTTP_LIMITS, type HttpLimits, type SetLimits } from "../limits.ts";
import { NO_PROXIES } from "./client-address.ts";
import { guardServer, SERVER_OPTIONS } from "./guard-server.ts";

// Each peer here means ill; beside it an honest one is answered the whole time.

const PIECE_BYTES = 256 * 1024;

let server: Server;
let port: number;
let refused: string[];
const sockets = new Set<Socket>();

beforeEach(() => { refused = []; });
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
});

async function start(changes: Partial<HttpLimits> = {}, listener: RequestListener = answer, set: SetLimits = {}): Promise<void> {
  const onRefusal = (limit: string) => refused.push(limit);
  server = guardServer(createServer({ ...SERVER_OPTIONS, connectionsCheckingInterval: 50 }, listener), new AddressGuard(set, onRefusal), { trustProxy: NO_PROXIES }, onRefusal, { ...HTTP_LIMITS, ...changes });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot tell the port");
  port = address.port;
}

const answer: RequestListener = (request, response) => {
  request.resume().on("end", () => response.end("honest answer"));
};

/** What the server said until it closed the connection. */
function said(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (chunk) => { text += chunk; });
  socket.on("error", () => undefined);
  return new Promise((resolve) => { socket.once("close", () => resolve(text)); });
}

function open(): Socket {
  const socket = connect(port, "127.0.0.1");
  sockets.add(socket);
  return socket;
}

/** Sends a piece again and again, as slowly as this. */
function drip(socket: Socket, piece: string, everyMs: number): void {
  const timer = setInterval(() => socket.write(piece), everyMs);
  socket.once("close", () => clearInterval(timer));
}

async function expectServing(): Promise<void> {
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("honest answer");
}

test.each([
  ["a request", "GET / HTTP/1.1\r\nHost: hub\r\n"],
  ["an upgrade", "GET /compute HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"],
])("guardServer: %s whose headers come one by one and never end is cut off (R9)", async (_what, begin) => {
  await start({ headersWithinMs: 300 });
  const socket = open();
  socket.write(begin);
  drip(socket, "X-More: 1\r\n", 20);
  const text = said(socket);
  await expectServing();
  expect(await text).toMatch(/^HTTP\/1\.1 408 /);
  expect(refused).toContain("headersWithinMs");
});

test("guardServer: a connection that says nothing is cut off", async () => {
  await start({ headersWithinMs: 300 });
  expect(await said(open())).toMatch(/^HTTP\/1\.1 408 |^$/);
});

test("guardServer: headers past their size are refused", async () => {
  await start();
  const socket = open();
  socket.write(`GET / HTTP/1.1\r\nHost: hub\r\nX-Long: ${"x".repeat(HTTP_LIMITS.headerBytes)}\r\n\r\n`);
  expect(await said(socket)).toMatch(/^HTTP\/1\.1 431 /);
  expect(refused).toEqual(["headerBytes"]);
});

test("guardServer: a body that drips is cut off, one that comes at a fair pace is not (R9)", async () => {
  await start({ slowLookMs: 100, leastBytesPerSecond: 10_000 });
  const [slow, fair] = [open(), open()];
  const begin = "POST / HTTP/1.1\r\nHost: hub\r\nContent-Length: 40000\r\nConnection: close\r\n\r\n";
  for (const socket of [slow, fair]) socket.write(begin);
  drip(slow, "x", 20);
  drip(fair, "x".repeat(2_000), 20);
  const [slowText, fairText] = await Promise.all([said(slow), said(fair)]);
  expect(slowText).toMatch(/^HTTP\/1\.1 408 [^]*too slowly/);
  expect(fairText).toContain("honest answer");
  expect(refused).toEqual(["leastBytesPerSecond"]);
});

test("guardServer: a reader that takes nothing of a long answer is cut off, one that reads slowly enough gets it all (R9)", async () => {
  const bytes = 32 * 1024 * 1024;
  const closed: Promise<unknown>[] = [];
  await start({ slowLookMs: 200, leastBytesPerSecond: 1_000 }, (request, response) => {
    if (request.url !== "/long") return void response.end("honest answer");
    closed.push(once(response, "close"));
    void pipeline(Readable.from(Array.from({ length: bytes / PIECE_BYTES }, () => Buffer.alloc(PIECE_BYTES)), { objectMode: false }), response).catch(() => undefined);
  });
  const [still, reading] = [open(), open()];
  still.pause();
  for (const socket of [still, reading]) socket.write("GET /long HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n");
  let got = 0;
  reading.on("data", (chunk) => {
    got += chunk.length;
    reading.pause();
    setTimeout(() => reading.resume(), 1);
  });
  await once(reading, "close");
  expect(got).toBeGreaterThan(bytes);
  await Promise.all(closed);
  await expectServing();
  expect(refused).toEqual(["leastBytesPerSecond"]);
});

test("guardServer: a hub that takes its time to answer is no fault of who asks", async () => {
  await start({ slowLookMs: 50, leastBytesPerSecond: 1_000_000 }, (request, response) => {
    request.resume().on("end", () => setTimeout(() => response.end("honest answer"), 400));
  });
  await expectServing();
  expect(refused).toEqual([]);
});

test("guardServer: past the connections of an address a further one is told so, and is free again when one closes (R9)", async () => {
  await start({}, answer, { connectionsPerAddress: 2 });
  const [first] = [open(), open()];
  await Promise.all([...sockets].map((socket) => once(socket, "connect")));
  const text = await said(open());
  expect(text).toMatch(/^HTTP\/1\.1 429 [^]*too many are open/);
  first?.destroy();
  await expect.poll(async () => {
    const socket = open();
    const heard = said(socket);
    socket.write("GET / HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n");
    return await heard;
  }).toContain("honest answer");
});

test("guardServer: past the connections of the hub further ones are dropped", async () => {
  await start({ connections: 1 });
  await once(open(), "connect");
  expect(await said(open())).toBe("");
  expect(refused).toEqual(["connections"]);
});

test("guardServer: a connection ends after so many requests", async () => {
  await start({ requestsPerConnection: 2, keepAliveMs: 100 });
  const socket = open();
  const text = said(socket);
  socket.write("GET / HTTP/1.1\r\nHost: hub\r\n\r\n".repeat(2));
  expect(await text).toMatch(/honest answer[^]*Connection: close[^]*honest answer$/i);
});
