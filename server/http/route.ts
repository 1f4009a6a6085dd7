import type { Request, RequestHandler, Response } from "express";
import * as z from "zod/mini";
import { schemaErrors } from "../execution/schema-errors.ts";
import type { Principal } from "../accounts/principal.ts";
import type { Access, Admitted } from "./access.ts";
import { bodyReaders } from "./request-body.ts";
import { HttpError } from "./http-error.ts";

/** One thing that a route can answer, beside problems. */
export interface Answer {
  readonly status: 200 | 201 | 202 | 204 | 302 | 304 | 426;
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
export interface Call<P, Q, A> {
  /** Who asks. */
  readonly principal: Principal;
  /** What the route's access rule let them have. */
  readonly admitted: A;
  readonly params: P;
  readonly query: Q;
  readonly request: Request;
  readonly response: Response;
}

interface RouteWords {
  readonly method: "get" | "post" | "put" | "delete";
  /** As OpenAPI writes it, for example "/api/jobs/{jobId}". */
  readonly path: string;
  readonly group: string;
  readonly summary: string;
  readonly description?: string;
  readonly headers?: readonly HeaderParameter[];
  readonly body?: RequestBody;
  readonly answers: readonly Answer[];
}

interface RouteSpec<P, Q, A> extends RouteWords {
  /** Who may call it. */
  readonly access: Access<NoInfer<P>, A>;
  readonly params: z.ZodMiniType<P>;
  readonly query: z.ZodMiniType<Q>;
  /** Run before the body is read, to refuse early, of who was let in. */
  readonly before?: readonly RequestHandler[];
  readonly handle: (call: Call<P, Q, A>) => Promise<void> | void;
}

/** A call of the hub: its documentation and what runs it, in one. */
export interface Route extends RouteWords {
  readonly params: z.ZodMiniType;
  readonly query: z.ZodMiniType;
  readonly access: Pick<Access<never, unknown>, "shown" | "scope">;
  readonly handlers: readonly RequestHandler[];
}

export const NO_PARAMETERS = z.object({});

const KEY_CHARS = 100;

/** What is outside is parsed here, once, and who asks is let in or not before a body is read: a handler gets values of its own types. */
export function route<P, Q, A>(spec: RouteSpec<P, Q, A>): Route {
  const { params, query, access, before = [], handle, ...words } = spec;
  const admitted = new WeakMap<Request, Admitted<A> & { readonly params: P }>();
  const admit: RequestHandler = async (request, _response, next) => {
    const path = params.safeParse(request.params);
    if (!path.success) throw new HttpError(404, `Cannot find ${request.path}: nothing has a name of that form`);
    const key = typeof request.query["key"] === "string" && request.query["key"].length <= KEY_CHARS ? request.query["key"] : undefined;
    admitted.set(request, { ...await access.admit({ request, params: path.data, key }), params: path.data });
    next();
  };
  const run: RequestHandler = async (request, response) => {
    const entry = admitted.get(request);
    if (entry === undefined) throw new Error(`Cannot answer ${words.method} ${words.path}: nobody was let in`);
    const asked = query.safeParse(request.query);
    if (!asked.success) {
      const errors = schemaErrors(asked.error);
      throw new HttpError(400, `Cannot read the query: ${errors.map((error) => `${error.path ?? ""}: ${error.message}`).join("; ")}`, { errors });
    }
    await handle({ ...entry, query: asked.data, request, response });
  };
  const body = words.body === undefined ? [] : bodyReaders(words.body.contentTypes, words.body.maxBytes);
  return { ...words, params, query, access: { shown: access.shown, scope: access.scope }, handlers: [notStored, admit, ...before, ...body, run] };
}

/** What is answered now may be otherwise in a moment; the few answers that stay say so themselves. */
const notStored: RequestHandler = (_request, response, next) => {
  response.set("Cache-Control", "no-store");
  next();
};
