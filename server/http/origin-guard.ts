import type { RequestHandler } from "express";
import { requestedHost, type Arrival } from "./client-address.ts";
import { isAllowedOrigin, isOwnName } from "./hosts.ts";
import { HttpError } from "./http-error.ts";
import type { HttpOptions } from "./http-options.ts";

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whether the browser itself says that a page of another origin asks. Browsers that say nothing send an Origin. */
export function isFromElsewhere({ headers }: Pick<Arrival, "headers">): boolean {
  const site = headers["sec-fetch-site"];
  return site !== undefined && site !== "same-origin" && site !== "none";
}

/** Refuses what does not ask the hub by one of its own names, and changes that another site's page sends. */
export function originGuard(options: HttpOptions): RequestHandler {
  return (request, _response, next) => {
    const { origin } = request.headers;
    const host = requestedHost(request, options);
    if (!isOwnName(request, request.path, options)) {
      throw new HttpError(421, `Cannot answer under the host name ${JSON.stringify(host ?? "")}: this hub does not go by it. Open it under 127.0.0.1, or start the hub with this name allowed.`);
    }
    if (!SAFE_METHODS.has(request.method) && (!isAllowedOrigin(origin, host, options) || isFromElsewhere(request))) {
      throw new HttpError(403, `Cannot take this from ${JSON.stringify(origin ?? "another site")}: only the hub's own pages, and programs that are no web page, may change something here.`);
    }
    next();
  };
}
