import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod/mini";
import { viewSchema, type View } from "../protocol/http/view.ts";

/** What a job module tells of itself beside its function. */
export interface JobModule {
  /** Undefined where the module exports none. */
  inputs(args: unknown): Iterable<unknown> | AsyncIterable<unknown> | undefined;
  view(args: unknown): View | undefined;
}

type Callable = (args: unknown) => unknown;

const moduleSchema = z.object({
  default: z.custom<Callable>(isCallable, "the default export must be a function"),
  inputs: z.optional(z.union([
    z.custom<Callable>(isCallable),
    z.custom<Iterable<unknown> | AsyncIterable<unknown>>(isIterable, "inputs must be iterable, or a generator function"),
  ])),
  view: z.optional(z.union([z.custom<Callable>(isCallable), viewSchema])),
});

/**
 * Loads a bundled job in this process, which is the submitter's own, to read `inputs` and `view`.
 * Throws Error where the module cannot be loaded, or exports something else under these names.
 */
export async function loadJobModule(source: string): Promise<JobModule> {
  // A file, and no data: URL, because that would stand whole in every line of a stack.
  const folder = await mkdtemp(join(tmpdir(), "manyhands-job-"));
  let loaded: unknown;
  try {
    const path = join(folder, "job.mjs");
    await writeFile(path, source);
    loaded = await import(pathToFileURL(path).href);
  } catch (error) {
    throw new Error(`Cannot load the job module: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    await rm(folder, { recursive: true });
  }
  const parsed = moduleSchema.safeParse(loaded);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`Cannot use the job module: its export ${issue?.path.join(".") ?? ""} does not fit: ${issue?.message ?? ""}`);
  }
  const { inputs, view } = parsed.data;
  return { inputs: (args) => readInputs(inputs, args), view: (args) => readView(view, args) };
}

function readInputs(inputs: z.infer<typeof moduleSchema>["inputs"], args: unknown) {
  if (typeof inputs !== "function") return inputs;
  const made = inputs(args);
  if (!isIterable(made)) throw new Error("Cannot make the inputs: the function `inputs` of the job module gave nothing iterable. Make it a generator, or let it return an array.");
  return made;
}

function readView(view: z.infer<typeof moduleSchema>["view"], args: unknown): View | undefined {
  if (typeof view !== "function") return view;
  const parsed = viewSchema.safeParse(view(args));
  if (parsed.success) return parsed.data;
  throw new Error(`Cannot use the view of the job module: ${parsed.error.issues[0]?.path.join(".") ?? ""} ${parsed.error.issues[0]?.message ?? ""}`);
}

function isCallable(candidate: unknown): candidate is Callable {
  return typeof candidate === "function";
}

function isIterable(candidate: unknown): candidate is Iterable<unknown> | AsyncIterable<unknown> {
  return typeof candidate === "object" && candidate !== null && (Symbol.iterator in candidate || Symbol.asyncIterator in candidate);
}
