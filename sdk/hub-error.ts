import * as z from "zod/mini";
import type { GridErrorKind } from "../protocol/grid-error.ts";
import type { Problem } from "../protocol/http/problem.ts";

const kindSchema = z.enum([
  "malformed", "too-large", "unsupported-version", "unsupported-value", "invalid-request",
  "unreadable-executable", "unauthorized", "forbidden", "not-found", "conflict", "too-many-requests", "unavailable",
] satisfies GridErrorKind[]);

const KIND_BY_STATUS: ReadonlyMap<number, GridErrorKind> = new Map([
  [400, "invalid-request"], [401, "unauthorized"], [403, "forbidden"], [404, "not-found"], [409, "conflict"], [413, "too-large"],
  [422, "invalid-request"], [429, "too-many-requests"], [503, "unavailable"],
]);

/** What a hub refused, or why it could not be asked. The message reads "Cannot <do this>: <why>". */
export class HubError extends Error {
  override readonly name = "HubError";
  /** Null where the answer does not tell. A hub that cannot be reached is "unavailable". */
  readonly kind: GridErrorKind | null;
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  readonly problem: Problem | null;

  constructor(message: string, status: number, problem: Problem | null, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.problem = problem;
    this.kind = status === 0 ? "unavailable" : kindOf(status, problem);
  }
}

/** The last part of a problem's type names the kind, for example "/problems/unreadable-executable". */
function kindOf(status: number, problem: Problem | null): GridErrorKind | null {
  const named = kindSchema.safeParse(problem?.type.split(/[/:#]/).at(-1));
  return named.success ? named.data : KIND_BY_STATUS.get(status) ?? null;
}
