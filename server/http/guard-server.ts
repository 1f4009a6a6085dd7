import type { IncomingMessage, Server, ServerOptions } from "node:http";
import type { Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import type { AddressGuard } from "../address-guard.ts";
import { HTTP_LIMITS, type HttpLimits } from "../limits.ts";
import { connectionNetwork, isTrustedProxy, type ProxyOptions } from "./client-address.ts";
import { SlowPeers } from "./slow-peers.ts";

/** How often Node looks for requests that take too long. */
const LOOK_MS = 1_000;

/** What an HTTP server must be made with. */
export const SERVER_OPTIONS: ServerOptions = {
  maxHeaderSize: HTTP_LIMITS.headerBytes,
  connectionsCheckingInterval: LOOK_MS,
};

/**
 * Holds an HTTP server's connections to their limits: how many there are, how long a request may take to come, and how
 * slowly a peer may send or read. A test may set shorter times.
 */
export function guardServer<S extends Server | TlsServer>(server: S, guard: AddressGuard, options: ProxyOptions, onRefusal: (limit: string) => void, limits: HttpLimits = HTTP_LIMITS): S {
  server.headersTimeout = limits.headersWithinMs;
  server.requestTimeout = limits.requestWithinMs;
  server.keepAliveTimeout = limits.keepAliveMs;
  server.maxRequestsPerSocket = limits.requestsPerConnection;
  server.maxHeadersCount = limits.headers;
  server.maxConnections = limits.connections;
  const slow = new SlowPeers(limits, onRefusal);
  server.on("drop", () => onRefusal("connections"));
  server.on("connection", (socket: Socket) => {
    // Who stands behind a proxy is told only by what is sent over it.
    if (isTrustedProxy({ socket }, options)) return;
    const place = guard.enter("connectionsPerAddress", connectionNetwork({ socket }));
    if (place === undefined) refuse(socket);
    else socket.once("close", place.leave);
  });
  server.on("request", (request: IncomingMessage, response) => slow.began(request, response));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const [status, limit] = PROBLEMS[error.code ?? ""] ?? ["400 Bad Request"];
    if (limit !== undefined) onRefusal(limit);
    if (!socket.writable) socket.destroy();
    else socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
  });
  server.once("close", () => slow.stop());
  return server;
}

const PROBLEMS: Readonly<Record<string, readonly [status: string, limit?: string]>> = {
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "headerBytes"],
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "headersWithinMs"],
};

function refuse(socket: Socket): void {
  const text = "Cannot take another connection from this address: too many are open. Close some, and try again.\n";
  socket.on("error", () => socket.destroy());
  socket.end(`HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nRetry-After: 10\r\nContent-Type: text/plain\r\nContent-Length: ${text.length}\r\n\r\n${text}`, () => socket.destroy());
}
