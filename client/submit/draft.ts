import * as z from "zod/mini";
import { CAPABILITIES } from "../../protocol/capabilities.ts";
import { JOB_DEFAULTS } from "../../protocol/http/job-options.ts";
import { visibilitySchema } from "../../protocol/http/sharing.ts";

const KEY = "manyhands.draft";
/** Data longer than this is not kept in the draft: a tab has some 5 MB for all. */
const KEPT_DATA_CHARS = 500_000;
const KEPT_SOURCE_CHARS = 500_000;

const typedNumber = z.nullable(z.number());

/** Everything that a person has put into the page so far. */
export const draftSchema = z.object({
  source: z.string(),
  exampleId: z.nullable(z.string()),
  inputs: z.enum(["module", "range", "data"]),
  argsText: z.string(),
  range: z.object({ start: typedNumber, end: typedNumber, step: typedNumber }),
  data: z.object({ format: z.enum(["lines", "json", "ndjson", "csv"]), text: z.string(), fileName: z.nullable(z.string()) }),
  options: z.object({
    name: z.string(),
    public: z.boolean(),
    /** Where the hub has accounts, in place of `public`. */
    visibility: visibilitySchema,
    tags: z.array(z.string()),
    priority: z.number(),
    maxAttempts: z.number(),
    taskTimeoutSeconds: z.number(),
    /** Empty: the hub's own. */
    policy: z.string(),
    verification: z.object({
      /** Empty: the hub's own. */
      policy: z.enum(["", "first", "quorum", "credibility"]),
      quorum: z.number(),
      errorPercent: z.number(),
      compare: z.enum(["exact", "set", "tolerance"]),
      relative: typedNumber,
      absolute: typedNumber,
      sameEngine: z.boolean(),
    }),
    capabilities: z.array(z.enum(CAPABILITIES)),
    /** Null: any. */
    memoryMiB: typedNumber,
    /** Empty: any. */
    engine: z.string(),
    email: z.string(),
  }),
});
export type Draft = z.infer<typeof draftSchema>;
export type DraftOptions = Draft["options"];

export const EMPTY_DRAFT: Draft = {
  source: "",
  exampleId: null,
  inputs: "module",
  argsText: "",
  range: { start: 0, end: 100, step: 1 },
  data: { format: "lines", text: "", fileName: null },
  options: {
    name: "",
    public: JOB_DEFAULTS.public,
    visibility: "private",
    tags: [],
    priority: JOB_DEFAULTS.priority,
    maxAttempts: JOB_DEFAULTS.maxAttempts,
    taskTimeoutSeconds: JOB_DEFAULTS.taskTimeoutMs / 1000,
    policy: "",
    verification: { policy: "", quorum: 2, errorPercent: 1, compare: "exact", relative: 1e-9, absolute: null, sameEngine: false },
    capabilities: [],
    memoryMiB: null,
    engine: "",
    email: "",
  },
};

/** The draft of this tab; null where there is none that can be read. */
export function loadDraft(storage: Pick<Storage, "getItem">): Draft | null {
  const text = storage.getItem(KEY);
  if (text === null) return null;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Written by nobody we know: as good as no draft.
    return null;
  }
  return draftSchema.safeParse(json).data ?? null;
}

/** Keeps the draft until the tab closes. False where the browser does not let it; large data is left out. */
export function saveDraft(storage: Pick<Storage, "setItem">, draft: Draft): boolean {
  const data = draft.data.text.length > KEPT_DATA_CHARS ? EMPTY_DRAFT.data : draft.data;
  const source = draft.source.length > KEPT_SOURCE_CHARS ? "" : draft.source;
  try {
    storage.setItem(KEY, JSON.stringify({ ...draft, source, data }));
    return true;
  } catch {
    // Storage is full or forbidden; the caller tells the person.
    return false;
  }
}
