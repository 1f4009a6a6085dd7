import type { Request } from "express";
import type { HttpOptions } from "./http-options.ts";

/** The origin that links in an answer begin with: the hub's public one, or the one that was asked. */
export function requestBase(request: Request, { publicUrl }: HttpOptions): string {
  if (publicUrl !== null) return new URL(publicUrl).origin;
  return `${request.protocol}://${request.headers.host ?? "127.0.0.1"}`;
}
