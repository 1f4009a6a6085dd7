import type * as z from "zod/mini";
import { problemSchema } from "../protocol/http/problem.ts";
import { HubError } from "./hub-error.ts";

/** A whole answer is here within this time, or the call fails. Streams may take longer. */
const REQUEST_TIMEOUT_MS = 120_000;

export interface TransportOptions {
  readonly fetch?: typeof fetch;
  /** An API token, "mh_…", sent with every call, to the hub's own origin alone. */
  readonly token?: string | undefined;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Call {
  /** What the call is for, as it stands in "Cannot <this>: …". */
  readonly purpose: string;
  readonly path: string;
  readonly query?: Query;
  readonly init?: RequestInit;
}

/** How calls reach a hub, in browsers and in Node. Every answer is parsed; whatever goes wrong is a HubError. */
export class HubTransport {
  readonly base: string;
  readonly #fetch: typeof fetch;
  readonly #token: string | undefined;

  /** `baseUrl`: the hub's origin, for example "http://127.0.0.1:8080"; in a page of the hub "" will do. */
  constructor(baseUrl: string, options: TransportOptions = {}) {
    this.base = baseUrl.replace(/\/+$/, "");
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.#token = options.token;
  }

  async json<T>(schema: z.ZodMiniType<T>, call: Call): Promise<T> {
    return parseAnswer(schema, await this.text(call), call.purpose, 200);
  }

  async text(call: Call): Promise<string> {
    const response = await this.send({ ...call, init: { ...call.init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) } });
    try {
      return await response.text();
    } catch (error) {
      throw this.unreachable(call.purpose, error);
    }
  }

  async send({ purpose, path, query = {}, init = {} }: Call): Promise<Response> {
    let response: Response;
    try {
      response = await this.#fetch(`${this.base}${path}${queryString(query)}`, this.#withToken(init));
    } catch (error) {
      throw this.unreachable(purpose, error);
    }
    if (response.ok) return response;
    if (isRedirect(response)) throw movedAway(purpose, this.base, response);
    throw await refused(purpose, response);
  }

  unreachable(purpose: string, error: unknown): HubError {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error ? (cause.message || cause.name) + hintOf(cause) : String(cause);
    return new HubError(`Cannot ${purpose}: the hub${this.base === "" ? "" : ` at ${this.base}`} cannot be reached (${why})`, 0, null, { cause: error });
  }

  /** Whoever answers for the hub could send a redirect: it is not followed, so that the token reaches no other address. */
  #withToken(init: RequestInit): RequestInit {
    if (this.#token === undefined) return init;
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${this.#token}`);
    return { ...init, headers, redirect: "manual" };
  }
}

/** What an own authority has signed Node does not know by itself. */
function hintOf(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/.test(code) ? "; name its authority's certificate in NODE_EXTRA_CA_CERTS" : "";
}

/** Browsers hide where a redirect leads that is not followed. */
function isRedirect({ status, type }: Response): boolean {
  return type === "opaqueredirect" || (status >= 300 && status < 400);
}

function movedAway(purpose: string, base: string, response: Response): HubError {
  const location = response.headers.get("location");
  const target = location === null ? null : URL.parse(location, response.url === "" ? base : response.url);
  const where = target === null ? "to another address" : `to ${target.origin}`;
  return new HubError(`Cannot ${purpose}: ${base} sends on ${where}. What proves who you are is not sent along: give that address as the hub's, if it is.`, response.status, null);
}

/** A request that carries JSON. */
export function jsonBody(method: "POST" | "PUT", body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return { method, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

function queryString(query: Query): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? "" : `?${given.toString()}`;
}

/** Reads an answer's JSON. Throws HubError where it does not fit. */
export function parseAnswer<T>(schema: z.ZodMiniType<T>, text: string, purpose: string, status: number): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new HubError(`Cannot ${purpose}: the answer is not JSON. Is this address a Manyhands hub?`, status, null, { cause: error });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new HubError(
    `Cannot ${purpose}: the answer does not fit (${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}). Is the hub of another version?`, status, null, { cause: parsed.error },
  );
}

async function refused(purpose: string, response: Response): Promise<HubError> {
  const body = await response.text().catch((error: unknown) => String(error));
  let json: unknown = null;
  try {
    json = JSON.parse(body);
  } catch {
    // Not from a hub but from something between: the status has to say it.
    return new HubError(`Cannot ${purpose}: the hub answered ${response.status} ${response.statusText}`, response.status, null);
  }
  const problem = problemSchema.safeParse(json);
  if (!problem.success) return new HubError(`Cannot ${purpose}: the hub answered ${response.status} ${response.statusText}`, response.status, null);
  const { detail, errors = [] } = problem.data;
  // A hub's detail is a whole sentence already.
  const sentence = detail.startsWith("Cannot ") ? detail : `Cannot ${purpose}: ${detail}`;
  const places = errors.map(({ path, message, line, column }) => {
    const place = [path, line === undefined ? undefined : `line ${line}${column === undefined ? "" : `, column ${column}`}`].filter((part) => part !== undefined);
    return `\n  ${place.length === 0 ? "" : `${place.join(", ")}: `}${message}`;
  });
  return new HubError(sentence + places.join(""), response.status, problem.data);
}
