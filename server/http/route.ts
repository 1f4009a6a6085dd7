import type { Request, RequestHandler, Response } from "express";
import * as z from "zod/mini";
import { schemaErrors } from "../execution/schema-errors.ts";
import { bodyReaders } from "./request-body.ts";
import { HttpError } from "./http-error.ts";

/** One thing that a route can answer, beside problems. */
export interface Answer {
  readonly status: 200 | 201 | 202 | 304 | 426;
  readonly description: string;
  readonly contentTypes?: readonly string[];
  /** Of JSON; anything else is told by its content type. */
  readonly schema?: z.ZodMiniType;
}

export interface RequestBody {
  readonly contentTypes: readonly string[];
  readonly description: string;
  readonly maxBytes: number;
  readonly schema?: z.ZodMiniType;
}

export interface HeaderParameter {
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
}

/** What a route's handler is given. */
export interface Call<P, Q> {
  readonly params: P;
  readonly query: Q;
  readonly request: Request;
  readonly response: Response;
}

interface RouteWords {
  readonly method: "get" | "post" | "put";
  /** As OpenAPI writes it, for example "/api/jobs/{jobId}". */
  readonly path: string;
  readonly group: string;
  readonly summary: string;
  readonly description?: string;
  readonly headers?: readonly HeaderParameter[];
  readonly body?: RequestBody;
  readonly answers: readonly Answer[];
}

interface RouteSpec<P, Q> extends RouteWords {
  readonly params: z.ZodMiniType<P>;
  readonly query: z.ZodMiniType<Q>;
  /** Run before the body is read, to refuse early. */
  readonly before?: readonly RequestHandler[];
  readonly handle: (call: Call<P, Q>) => Promise<void> | void;
}

/** A call of the hub: its documentation and what runs it, in one. */
export interface Route extends RouteWords {
  readonly params: z.ZodMiniType;
  readonly query: z.ZodMiniType;
  readonly handlers: readonly RequestHandler[];
}

export const NO_PARAMETERS = z.object({});

/** What is outside is parsed here, once: a handler gets parameters of its own types. */
export function route<P, Q>(spec: RouteSpec<P, Q>): Route {
  const { params, query, before = [], handle, ...words } = spec;
  const run: RequestHandler = async (request, response) => {
    const path = params.safeParse(request.params);
    if (!path.success) throw new HttpError(404, `Cannot find ${request.path}: nothing has a name of that form`);
    const asked = query.safeParse(request.query);
    if (!asked.success) {
      const errors = schemaErrors(asked.error);
      throw new HttpError(400, `Cannot read the query: ${errors.map((error) => `${error.path ?? ""}: ${error.message}`).join("; ")}`, { errors });
    }
    await handle({ params: path.data, query: asked.data, request, response });
  };
  const body = words.body === undefined ? [] : bodyReaders(words.body.contentTypes, words.body.maxBytes);
  return { ...words, params, query, handlers: [notStored, ...before, ...body, run] };
}

/** What is answered now may be otherwise in a moment; the few answers that stay say so themselves. */
const notStored: RequestHandler = (_request, response, next) => {
  response.set("Cache-Control", "no-store");
  next();
};
