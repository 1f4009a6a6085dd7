import type { RequestHandler } from "express";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { clientAddress, networkOf, type ProxyOptions } from "./client-address.ts";
import { HttpError } from "./http-error.ts";

/** What one address may submit. A loop that waits for each answer stays below it; a runaway script does not. */
const SUBMISSIONS = 6_000;
const WINDOW_SECONDS = 60;

/** Refuses an address that submits more than anybody needs. */
export function submissionLimit(options: ProxyOptions, submissions = SUBMISSIONS): RequestHandler {
  const limiter = new RateLimiterMemory({ points: submissions, duration: WINDOW_SECONDS });
  return async (request, _response, next) => {
    try {
      await limiter.consume(networkOf(clientAddress(request, options)));
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      const seconds = Math.ceil(error.msBeforeNext / 1000);
      throw new HttpError(429, `Cannot take more than ${submissions} submissions a minute from one address: try again in ${seconds} seconds. One job can hold many inputs.`, {
        headers: { "Retry-After": String(seconds) },
      });
    }
    next();
  };
}
