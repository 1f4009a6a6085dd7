import { createHash } from "node:crypto";
import { GridError } from "../../protocol/grid-error.ts";
import type { JobOptions } from "../../protocol/http/job-options.ts";
import type { Submission } from "../../protocol/http/submission.ts";
import type { View } from "../../protocol/http/view.ts";
import { executableIdSchema, type ExecutableId } from "../../protocol/ids.ts";
import { LIMITS } from "../../protocol/limits.ts";
import type { Json } from "../../protocol/value-json.ts";
import { SUBMISSION_LIMITS } from "../limits.ts";
import { checkExecutable } from "./check-executable.ts";
import { hubSubmissionSchema } from "./hub-submission.ts";
import { countRange } from "./input-range.ts";
import { packLines, packList } from "./read-inputs.ts";
import type { InputChunk } from "./input-packer.ts";
import { schemaErrors } from "./schema-errors.ts";
import { whyTooLarge } from "./static-view.ts";
import { SubmissionError } from "./submission-error.ts";

/** An Executable that was read and found in order. */
export interface ReadExecutable {
  readonly executableId: ExecutableId;
  readonly source: Uint8Array<ArrayBuffer>;
  /** The view that it exports in literals, or null. */
  readonly view: View | null;
}

/** A submission, read and checked, with its inputs ready to be stored. */
export interface ReadSubmission {
  readonly name: string;
  readonly executable: ReadExecutable | { readonly executableId: ExecutableId };
  readonly tasks: number;
  readonly inputs: { readonly kind: "range"; readonly start: number; readonly step: number } | { readonly kind: "values"; readonly chunks: readonly InputChunk[] };
  /** Of one input, encoded; 0 for numbers of a range. */
  readonly largestInputBytes: number;
  readonly argsJson: string | null;
  readonly view: View | null;
  readonly options: JobOptions;
}

/** Reads the body of `POST /api/jobs`. Throws GridError (SubmissionError where faults have places). */
export function readSubmission(body: Uint8Array): ReadSubmission {
  const json = parseJson(decodeText(body, "malformed", "this submission"));
  const parsed = hubSubmissionSchema.safeParse(json);
  if (!parsed.success) {
    const errors = schemaErrors(parsed.error);
    const first = errors[0];
    throw new SubmissionError("invalid-request", `Cannot read this submission: ${first?.path === undefined ? "" : `${first.path}: `}${first?.message ?? ""}`, errors);
  }
  const submission = parsed.data;
  const tooLarge = submission.view === undefined ? null : whyTooLarge(submission.view);
  if (tooLarge !== null) throw new SubmissionError("invalid-request", `Cannot read the view: ${tooLarge}`, [{ path: "view", message: tooLarge }]);
  const { executable } = submission;
  return {
    name: submission.name,
    executable: "source" in executable ? readExecutable(new TextEncoder().encode(executable.source)) : { executableId: executable.id },
    ...readInputs(submission.inputs, json),
    argsJson: argsJson(submission),
    view: submission.view ?? null,
    options: submission.options ?? {},
  };
}

/** Reads an Executable's JavaScript. Throws GridError "too-large" or "unreadable-executable". */
export function readExecutable(source: Uint8Array<ArrayBuffer>): ReadExecutable {
  if (source.byteLength > LIMITS.executableBytes) {
    throw new GridError("too-large", `Cannot read this Executable: it is ${source.byteLength} bytes, the limit is ${LIMITS.executableBytes}`);
  }
  const view = checkExecutable(decodeText(source, "unreadable-executable", "this Executable"));
  return { executableId: executableIdSchema.parse(createHash("sha256").update(source).digest("hex")), source, view };
}

function readInputs(inputs: Submission["inputs"], json: Json): Pick<ReadSubmission, "tasks" | "inputs" | "largestInputBytes"> {
  if (Array.isArray(inputs)) {
    const { tasks, chunks, largestBytes } = packList(listAt(json, "inputs"));
    return { tasks, inputs: { kind: "values", chunks }, largestInputBytes: largestBytes };
  }
  if ("ndjson" in inputs) {
    const { tasks, chunks, largestBytes } = packLines(inputs.ndjson);
    return { tasks, inputs: { kind: "values", chunks }, largestInputBytes: largestBytes };
  }
  const { start, end, step = 1 } = inputs.range;
  return { tasks: countRange(start, end, step), inputs: { kind: "range", start, step }, largestInputBytes: 0 };
}

/** The list as JSON.parse typed it: the schema, which asks only that it is one, knows its items as unknown. */
function listAt(json: Json, key: string): readonly Json[] {
  const list = typeof json === "object" && json !== null && !isList(json) ? json[key] : undefined;
  return list !== undefined && isList(list) ? list : [];
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

function argsJson({ args }: Submission): string | null {
  if (args === undefined) return null;
  const text = JSON.stringify(args);
  if (text.length > SUBMISSION_LIMITS.argsChars) {
    const message = `the arguments pass ${SUBMISSION_LIMITS.argsChars} characters of JSON, the limit; large data belongs into the inputs`;
    throw new SubmissionError("invalid-request", `Cannot read this submission: ${message}`, [{ path: "args", message }]);
  }
  return text;
}

function decodeText(bytes: Uint8Array, kind: "malformed" | "unreadable-executable", what: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new GridError(kind, `Cannot read ${what}: it is not UTF-8`, { cause: error });
  }
}

function parseJson(text: string): Json {
  try {
    const json: Json = JSON.parse(text);
    return json;
  } catch (error) {
    throw new GridError("malformed", `Cannot read this submission: it is no JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
