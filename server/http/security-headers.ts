import type { IncomingMessage } from "node:http";
import type { RequestHandler, Response } from "express";
import helmet from "helmet";
import { isSecure, requestedHost } from "./client-address.ts";
import { isLoopbackName, sandboxOriginFor } from "./hosts.ts";
import type { HttpOptions } from "./http-options.ts";

/** How long a browser asks this host by TLS alone: a year. */
const HSTS_SECONDS = 365 * 24 * 60 * 60;

const SANDBOX_PATH = "/sandbox/frame.html";

/** The policy of the hub's own pages (SANDBOX.md, "the host page's own policy"). */
export function securityHeaders(options: HttpOptions): RequestHandler {
  const ownSocket = (request: IncomingMessage) => {
    const host = requestedHost(request, options) ?? "";
    // A hub behind a proxy that it was not told to trust cannot know.
    return isSecure(request, options) ? `wss://${host}` : `ws://${host} wss://${host}`;
  };
  const policy = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        // Mantine writes style elements of its own.
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        // Not every browser counts a WebSocket to the same host as 'self'.
        "connect-src": ["'self'", ownSocket],
        "frame-src": [(request: IncomingMessage) => sandboxPage(request, options)],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    crossOriginOpenerPolicy: { policy: "same-origin" },
    crossOriginResourcePolicy: { policy: "same-origin" },
    referrerPolicy: { policy: "no-referrer" },
    strictTransportSecurity: false,
    xFrameOptions: { action: "deny" },
  });
  return (request, response, next) => {
    if (isKeptToTls(request, options)) response.set("Strict-Transport-Security", `max-age=${HSTS_SECONDS}`);
    policy(request, response, next);
  };
}

/** The one page that may be framed: a frame that went anywhere else by itself, the hub's own pages too, would carry data there. */
function sandboxPage(request: IncomingMessage, options: HttpOptions): string {
  const host = requestedHost(request, options) ?? "";
  const origin = sandboxOriginFor(host, options, isSecure(request, options)) ?? host;
  // An IPv6 address cannot be written as a source.
  return /[[\s;,]/.test(origin) || origin === "" ? "'self'" : `${origin}${SANDBOX_PATH}`;
}

/** Browsers keep a whole host to TLS, all its ports: of this machine's own names that would hit every other program on it. */
function isKeptToTls(request: IncomingMessage, options: HttpOptions): boolean {
  const secure = isSecure(request, options) || options.publicUrl?.startsWith("https:") === true;
  return secure && !isLoopbackName(requestedHost(request, options));
}

/** For what strangers wrote and a browser might open by itself: it is data there, not a page of the hub. */
export function asForeignContent(response: Response, style: "'none'" | "'unsafe-inline'" = "'none'"): void {
  response.set("Content-Security-Policy", `default-src 'none'; style-src ${style}; frame-ancestors 'none'; sandbox`);
}
