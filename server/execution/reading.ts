import type { GridErrorKind } from "../../protocol/grid-error.ts";
import type { ReadExecutable, ReadSubmission } from "./read-submission.ts";
import type { SourceError } from "./source-error.ts";

/** What the reading thread is asked. Byte arrays are handed over, not copied. */
export type ReadingRequest =
  | { readonly what: "submission"; readonly body: Uint8Array<ArrayBuffer> }
  | { readonly what: "executable"; readonly source: Uint8Array<ArrayBuffer> };

/** What it answers. */
export type ReadingReply =
  | { readonly what: "submission"; readonly submission: ReadSubmission }
  | { readonly what: "executable"; readonly executable: ReadExecutable }
  | { readonly what: "refused"; readonly kind: GridErrorKind; readonly message: string; readonly errors: readonly SourceError[] };
