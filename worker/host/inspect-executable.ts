import { PackedValues } from "../../protocol/packed-values.ts";
import { decodeValue, encodeValue } from "../../protocol/value.ts";
import { inFreshSandbox } from "./fresh-sandbox.ts";
import type { SandboxPlace } from "./slot-frame.ts";
import { TaskError } from "./task-error.ts";

/** The top level of a module that is only looked at may run as long. */
const INSPECT_TIMEOUT_MS = 30_000;

export interface InspectOptions extends SandboxPlace {
  /** A bundled JavaScript module. */
  readonly source: string;
  /** What `view` and `inputs` are called with where they are functions; a Value. */
  readonly args: unknown;
  /** No more inputs are read than these. */
  readonly maxInputs: number;
}

export interface InspectedExecutable {
  /** What the module exports as `view`, or null. Nothing is checked of it. */
  readonly view: unknown;
  /** Packed values of what it exports as `inputs`, or null where it exports none. */
  readonly inputs: { readonly values: Uint8Array; readonly count: number; readonly truncated: boolean } | null;
  readonly hasDefault: boolean;
}

const INSPECTED_JOB = "inspected-here";

/** Reads what a module exports, in a sandbox of its own. Throws TaskError when the module, its `view` or its `inputs` throw. */
export function inspectExecutable({ source, args, maxInputs, ...place }: InspectOptions): Promise<InspectedExecutable> {
  return inFreshSandbox(place, async (sandbox) => {
    await sandbox.load(INSPECTED_JOB, new TextEncoder().encode(source), INSPECT_TIMEOUT_MS);
    const { hasDefault, view, inputs, truncated, failure } = await sandbox.inspect(encodeValue(args), maxInputs);
    if (failure !== null) throw new TaskError("error", failure.message, failure.stack);
    return {
      hasDefault,
      view: view === null ? null : decodeValue(view),
      inputs: inputs === null ? null : { values: inputs, count: new PackedValues(inputs).count, truncated },
    };
  });
}
