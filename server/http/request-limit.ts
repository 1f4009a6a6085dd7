import type { RequestHandler } from "express";
import type { AddressGuard, RateName } from "../address-guard.ts";
import { LimitError } from "../limit-error.ts";
import { clientAddress, networkOf, type ProxyOptions } from "./client-address.ts";

const WORDS: Readonly<Record<RateName, string>> = {
  requestsPerMinute: "requests",
  submissionsPerMinute: "submissions",
  registrationsPerMinute: "registrations",
};
const HINTS: Readonly<Partial<Record<RateName, string>>> = { submissionsPerMinute: " One job can hold many inputs." };
const WINDOW_SECONDS = 60;

/**
 * Refuses an address that asks more than its rate, and tells everybody where they stand (the IETF's draft of RateLimit
 * header fields, draft-ietf-httpapi-ratelimit-headers).
 */
export function requestLimit(guard: AddressGuard, options: ProxyOptions, name: RateName): RequestHandler {
  return async (request, response, next) => {
    const { limit, left, resetSeconds, passed } = await guard.count(name, networkOf(clientAddress(request, options)));
    const policy = WORDS[name];
    response.set({ "RateLimit-Policy": `"${policy}";q=${limit};w=${WINDOW_SECONDS}`, "RateLimit": `"${policy}";r=${left};t=${resetSeconds}` });
    if (passed) {
      throw new LimitError(
        "too-many-requests", name,
        `Cannot take more than ${limit} ${policy} a minute from one address: try again in ${resetSeconds} seconds.${HINTS[name] ?? ""}`, resetSeconds,
      );
    }
    next();
  };
}
