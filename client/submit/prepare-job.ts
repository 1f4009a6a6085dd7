import { viewSchema, type View } from "../../protocol/http/view.ts";
import { PackedValues } from "../../protocol/packed-values.ts";
import type { Json } from "../../protocol/value-json.ts";
import { parseArgs } from "./args.ts";
import type { CheckedSource, SourceCheck, SourceProblem } from "./check-source.ts";
import type { Draft } from "./draft.ts";
import { parseData } from "./input-parsing.ts";
import type { JobInputs } from "./job-inputs.ts";
import { checkRange } from "./range-inputs.ts";

/** Inputs that a module may make in a page. More are for a range, or for the command line. */
export const MAX_MODULE_INPUTS = 1_000_000;

export interface Inspection {
  readonly view: unknown;
  /** Packed values; null where the module exports no `inputs`. */
  readonly inputs: { readonly values: Uint8Array; readonly truncated: boolean } | null;
}

/** Reads in a sandbox what a module exports. Throws an Error whose message says what its code did. */
export type Inspect = (javascript: string, args: Json | undefined, maxInputs: number) => Promise<Inspection>;

/** A job whose every part is known and sound. */
export interface PreparedJob {
  readonly javascript: string;
  readonly args: Json | undefined;
  readonly view: View | null;
  readonly inputs: JobInputs;
}

/** A part of the draft cannot be used as it stands. */
export class DraftError extends Error {
  override readonly name = "DraftError";
  readonly part: "source" | "inputs";
  readonly problems: readonly SourceProblem[];
  constructor(part: DraftError["part"], message: string, problems: readonly SourceProblem[] = [], options?: ErrorOptions) {
    super(message, options);
    this.part = part;
    this.problems = problems;
  }
}

/** Turns what was typed into a job. The module's own code runs in a sandbox only. Throws DraftError. */
export async function prepareJob(draft: Draft, check: SourceCheck, inspect: Inspect): Promise<PreparedJob> {
  if (!check.ok) throw new DraftError("source", "Cannot use the function: it has errors", check.problems);
  const parsed = parseArgs(draft.argsText);
  if (!parsed.ok) throw new DraftError("inputs", parsed.message);
  const { module } = check;
  const typed = draft.inputs === "module" ? null : await typedInputs(draft);
  if (typed === null && !module.hasInputs) {
    throw new DraftError("inputs", "Cannot make inputs: the function's module exports no `inputs`. Add one, or give a range or data");
  }
  if (typed !== null && !module.hasView) return { javascript: module.javascript, args: parsed.args, view: null, inputs: typed };
  const inspection = await inspected(module, parsed.args, typed === null ? MAX_MODULE_INPUTS : 0, inspect);
  return {
    javascript: module.javascript,
    args: parsed.args,
    view: readView(inspection.view),
    inputs: typed ?? moduleInputs(inspection),
  };
}

async function typedInputs(draft: Draft): Promise<JobInputs> {
  if (draft.inputs === "range") {
    const range = checkRange(draft.range);
    if (!range.ok) throw new DraftError("inputs", range.message);
    return { kind: "range", start: range.start, end: range.end, step: range.step, count: range.count };
  }
  const data = await parseData(draft.data.format, draft.data.text);
  if (data.ok) return { kind: "data", values: data.values };
  const first = data.errors[0];
  throw new DraftError("inputs", first === undefined ? "Cannot read the inputs" : first.line === null ? first.message : `Line ${first.line}: ${first.message}`);
}

async function inspected(module: CheckedSource, args: Json | undefined, maxInputs: number, inspect: Inspect): Promise<Inspection> {
  try {
    return await inspect(module.javascript, args, maxInputs);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DraftError("inputs", `Cannot read what the module exports: ${why}`, [], { cause: error });
  }
}

function moduleInputs({ inputs }: Inspection): JobInputs {
  if (inputs === null) throw new DraftError("inputs", "Cannot make inputs: the module exports no `inputs`");
  if (inputs.truncated) {
    throw new DraftError("inputs", `Cannot make more than ${MAX_MODULE_INPUTS.toLocaleString("en")} inputs in a page. Make each task larger, give a range, or use the command line`);
  }
  const packed = new PackedValues(inputs.values);
  if (packed.count === 0) throw new DraftError("inputs", "Cannot make a job: with these arguments the module's `inputs` gives none");
  return { kind: "module", packed };
}

function readView(view: unknown): View | null {
  if (view === null || view === undefined) return null;
  const parsed = viewSchema.safeParse(view);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
  throw new DraftError("source", `Cannot use the exported \`view\`${place}: ${issue?.message ?? "it does not fit"}. It is for example { kind: "image", width: 640, height: 480 }, or { kind: "table" }`);
}
