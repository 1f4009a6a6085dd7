import { GridError, type GridErrorKind } from "../../protocol/grid-error.ts";
import type { SourceError } from "./source-error.ts";

/** What is wrong with a submission, fault by fault. */
export class SubmissionError extends GridError {
  readonly errors: readonly SourceError[];
  constructor(kind: GridErrorKind, message: string, errors: readonly SourceError[], options?: ErrorOptions) {
    super(kind, message, options);
    this.errors = errors;
  }
}
