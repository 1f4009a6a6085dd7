import type { IncomingMessage } from "node:http";
import type { RequestHandler, Response } from "express";
import helmet from "helmet";
import { sandboxOriginFor } from "./hosts.ts";
import type { HttpOptions } from "./http-options.ts";

/** The policy of the hub's own pages (SANDBOX.md, "the host page's own policy"). */
export function securityHeaders(options: HttpOptions): RequestHandler {
  const ownSocket = (request: IncomingMessage) => `ws://${request.headers.host ?? ""} wss://${request.headers.host ?? ""}`;
  const sandbox = (request: IncomingMessage) => sandboxOriginFor(request.headers.host, options) ?? "'self'";
  return helmet({
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
        "frame-src": [sandbox],
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
    strictTransportSecurity: options.publicUrl?.startsWith("https:") === true,
    xFrameOptions: { action: "deny" },
  });
}

/** For what strangers wrote and a browser might open by itself: it is data there, not a page of the hub. */
export function asForeignContent(response: Response, style: "'none'" | "'unsafe-inline'" = "'none'"): void {
  response.set("Content-Security-Policy", `default-src 'none'; style-src ${style}; frame-ancestors 'none'; sandbox`);
}
