import type { Request } from "express";
import { isSecure, requestedHost } from "./client-address.ts";
import type { HttpOptions } from "./http-options.ts";

/** The origin that links in an answer begin with: the hub's public one, or the one that was asked. */
export function requestBase(request: Request, options: HttpOptions): string {
  if (options.publicUrl !== null) return new URL(options.publicUrl).origin;
  return `${isSecure(request, options) ? "https" : "http"}://${requestedHost(request, options) ?? "127.0.0.1"}`;
}
