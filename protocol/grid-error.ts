/** What a caller of the hub, or a peer on its link, is meant to handle. Bugs are assertions, not these. */
export type GridErrorKind =
  | "malformed" // the bytes are not a message
  | "too-large" // a limit of protocol/limits.ts was passed
  | "unsupported-version"
  | "unsupported-value" // a value that no message can carry
  | "invalid-request"
  | "unreadable-executable"
  | "unauthorized" // signing in would help
  | "forbidden"
  | "not-found"
  | "conflict"
  | "too-many-requests"
  | "no-space" // neither the disk nor the owner's part of it can take more
  | "unavailable";

/** An error with a closed list of kinds. The message reads "Cannot <do this>: <why>" and says what to do where it can. */
export class GridError extends Error {
  override readonly name = "GridError";
  readonly kind: GridErrorKind;
  constructor(kind: GridErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
