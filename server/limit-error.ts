import { GridError, type GridErrorKind } from "../protocol/grid-error.ts";

/** A limit was passed, under its name in docs/limits.md. */
export class LimitError extends GridError {
  readonly limit: string;
  /** When it may work again; null where only something that the caller does helps. */
  readonly retryAfterSeconds: number | null;

  constructor(kind: Extract<GridErrorKind, "too-many-requests" | "too-large" | "no-space" | "unavailable">, limit: string, message: string, retryAfterSeconds: number | null = null) {
    super(kind, message);
    this.limit = limit;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
