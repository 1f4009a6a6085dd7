import type { SourceError } from "../execution/source-error.ts";

/** What only HTTP knows to be wrong: a method, a header, a host. Everything else is a GridError. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: 400 | 401 | 403 | 404 | 405 | 406 | 408 | 415 | 421 | 426 | 429 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly errors: readonly SourceError[];
  constructor(status: HttpError["status"], message: string, extra: { headers?: Readonly<Record<string, string>>; errors?: readonly SourceError[] } = {}) {
    super(message);
    this.status = status;
    this.headers = extra.headers ?? {};
    this.errors = extra.errors ?? [];
  }
}
