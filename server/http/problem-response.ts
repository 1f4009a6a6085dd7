import { STATUS_CODES } from "node:http";
import type { ErrorRequestHandler, Response } from "express";
import type { Logger } from "pino";
import { GridError, type GridErrorKind } from "../../protocol/grid-error.ts";
import type { Problem } from "../../protocol/http/problem.ts";
import { SubmissionError } from "../execution/submission-error.ts";
import type { SourceError } from "../execution/source-error.ts";
import { LimitError } from "../limit-error.ts";
import { HttpError } from "./http-error.ts";

/** The status of each kind of error that a caller is meant to handle. */
const STATUS_BY_KIND: Readonly<Record<GridErrorKind, number>> = {
  "malformed": 400,
  "invalid-request": 400,
  "unauthorized": 401,
  "forbidden": 403,
  "not-found": 404,
  "conflict": 409,
  "too-large": 413,
  "unsupported-value": 422,
  "unreadable-executable": 422,
  "unsupported-version": 426,
  "too-many-requests": 429,
  "unavailable": 503,
  "no-space": 507,
};
const RETRY_AFTER_SECONDS = "5";

/** Answers every error as RFC 9457 problem details. What is no caller's fault is logged, and told without its inside. */
export function problemHandler(logger: Logger, onRefusal: (limit: string) => void): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      // Half an answer is out already: express cuts the connection, so that it does not pass for a whole one.
      next(error);
      return;
    }
    const { problem, headers } = describe(error);
    // Rates are counted where they are kept.
    if (problem.limit !== undefined && !problem.limit.endsWith("PerMinute")) onRefusal(problem.limit);
    if (problem.status >= 500 && !(error instanceof GridError)) logger.error({ error, method: request.method, path: request.path }, "Cannot answer a request");
    response.set(headers);
    sendProblem(response, problem);
  };
}

export function sendProblem(response: Response, problem: Problem): void {
  response.status(problem.status).set("Cache-Control", "no-store").type("application/problem+json").send(JSON.stringify(problem));
}

function describe(error: unknown): { problem: Problem; headers: Readonly<Record<string, string>> } {
  if (error instanceof HttpError) return { problem: problemOf("about:blank", error.status, error.message, error.errors), headers: error.headers };
  if (error instanceof GridError) {
    const status = STATUS_BY_KIND[error.kind];
    const problem = problemOf(`urn:manyhands:problem:${error.kind}`, status, error.message, error instanceof SubmissionError ? error.errors : []);
    if (error instanceof LimitError) {
      return { problem: { ...problem, limit: error.limit }, headers: error.retryAfterSeconds === null ? {} : { "Retry-After": String(error.retryAfterSeconds) } };
    }
    return { problem, headers: status === 503 || status === 429 ? { "Retry-After": RETRY_AFTER_SECONDS } : {} };
  }
  const status = statusOf(error);
  if (status !== undefined && error instanceof Error) return { problem: problemOf("about:blank", status, `Cannot read this request: ${error.message}`, []), headers: {} };
  return { problem: problemOf("about:blank", 500, "Cannot answer this request: something in the hub is broken. Its log says what.", []), headers: {} };
}

/** Express and its body readers put a status on what the client did wrong. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("status" in error) || typeof error.status !== "number") return undefined;
  return error.status >= 400 && error.status < 500 ? error.status : undefined;
}

function problemOf(type: string, status: number, detail: string, errors: readonly SourceError[]): Problem {
  const problem = { type, title: STATUS_CODES[status] ?? "Error", status, detail };
  return errors.length === 0 ? problem : { ...problem, errors: [...errors] };
}
