import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { LIMITS } from "./limits.ts";

// What comes from outside is bounded where it is parsed (R9): every string, list and record of every schema in this
// folder has a bound, but for two kinds, which are named here.

/** What a hub answers: the hub itself wrote it, from what is bounded. Its readers trust it as they trust its pages. */
const ANSWERS: ReadonlySet<string> = new Set([
  "storedBlobSchema", "executableSchema", "gallerySchema", "jobEventSchema", "failureGroupSchema", "jobSchema", "jobListSchema", "taskMapSchema",
  "problemSchema", "loadBalancerViewSchema", "computeServerViewSchema", "loadBalancersSchema", "computeServersSchema", "policiesSchema",
  "gridPulseSchema", "resultLineSchema", "submittedSchema", "sharingSchema", "accountSchema", "accountsSchema", "sessionSchema", "sessionViewSchema",
  "sessionsSchema", "tokenViewSchema", "tokensSchema", "madeTokenSchema", "invitationViewSchema", "invitationsSchema", "madeInvitationSchema",
  "invitationOfferSchema", "auditEntrySchema", "auditSchema",
]);

/** What a schema cannot bound by itself, and what bounds it. */
const BOUNDED_ELSEWHERE: Readonly<Record<string, string>> = {
  "inputsSchema[0][]": "LIMITS.submissionBytes: a body is no longer; each value LIMITS.valueBytes and LIMITS.valueDepth when it is encoded",
  "submissionSchema.args": "SUBMISSION_LIMITS.argsChars",
  "viewSchema.spec": "LIMITS.chartSpecBytes, by static-view.ts",
};

interface Definition {
  readonly type: string;
  readonly checks?: readonly { readonly _zod: { readonly def: { readonly check: string; readonly format?: string; readonly pattern?: RegExp } } }[];
  readonly [key: string]: unknown;
}

function definitionOf(schema: unknown): Definition | undefined {
  if (typeof schema !== "object" || schema === null || !("_zod" in schema) || typeof schema._zod !== "object" || schema._zod === null || !("def" in schema._zod)) return undefined;
  const { def } = schema._zod;
  return isDefinition(def) ? def : undefined;
}

function isDefinition(def: unknown): def is Definition {
  return typeof def === "object" && def !== null && "type" in def && typeof def.type === "string";
}

/** Whether a pattern ends by itself: without a star, a plus or an open count. */
function isBoundedPattern({ source }: RegExp): boolean {
  const withoutClasses = source.replaceAll(/\\./g, "x").replaceAll(/\[[^\]]*\]/g, "x");
  return source.startsWith("^") && source.endsWith("$") && !/[*+]|\{\d+,\}/.test(withoutClasses);
}

function hasBound({ checks = [], ...own }: Definition): boolean {
  return [...checks.map(({ _zod }) => _zod.def), own].some((def) => {
    if (def.check === "max_length" || def.check === "length_equals") return true;
    return def.pattern instanceof RegExp && isBoundedPattern(def.pattern);
  });
}

/** The paths of all that has no bound. */
function* unbounded(schema: unknown, path: string, seen: ReadonlySet<unknown> = new Set()): Generator<string> {
  const def = definitionOf(schema);
  if (def === undefined || seen.has(schema)) return;
  const inside = new Set([...seen, schema]);
  const into = (inner: unknown, at: string) => unbounded(inner, at, inside);
  switch (def.type) {
    case "string":
    case "array":
    case "set":
      if (!hasBound(def)) yield path;
      yield* into(def["element"] ?? def["valueType"], `${path}[]`);
      return;
    case "record": case "map":
      if (!hasBound(def)) yield path;
      return;
    case "unknown": case "any":
      yield path;
      return;
    case "object":
      for (const [key, inner] of Object.entries(def["shape"] ?? {})) yield* into(inner, `${path}.${key}`);
      // A strict object refuses other keys, a plain one drops them; one that keeps them has no bound.
      if (definitionOf(def["catchall"])?.type === "unknown") yield `${path}.*`;
      return;
    case "tuple": case "union":
      for (const [i, inner] of [...(Array.isArray(def["items"]) ? def["items"] : []), ...(Array.isArray(def["options"]) ? def["options"] : [])].entries()) yield* into(inner, def["discriminator"] === undefined ? `${path}[${i}]` : path);
      return;
    default:
      for (const key of ["innerType", "in", "out", "left", "right"]) yield* into(def[key], path);
  }
}

async function schemas(): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  for (const file of await readdir(import.meta.dirname, { recursive: true })) {
    if (!file.endsWith(".ts") || file.includes(".test.")) continue;
    const module: Record<string, unknown> = await import(join(import.meta.dirname, file));
    for (const [name, exported] of Object.entries(module)) if (definitionOf(exported) !== undefined) found.set(name, exported);
  }
  return found;
}

test("protocol: every string, list and record of what comes from outside has a bound (R9)", async () => {
  const all = await schemas();
  expect(all.size).toBeGreaterThan(40);
  const without = [...all].filter(([name]) => !ANSWERS.has(name)).flatMap(([name, schema]) => [...unbounded(schema, name)]);
  const excused = (path: string) => Object.keys(BOUNDED_ELSEWHERE).some((known) => path === known || path.endsWith(known.replace(/^\w+/, "")));
  expect(without.filter((path) => !excused(path))).toEqual([]);
});

test("unbounded: sees what has no bound, however deep it stands, and lets pass what has one", () => {
  const bad = z.object({
    text: z.string(), list: z.array(z.int()), any: z.optional(z.unknown()), pattern: z.string().check(z.regex(/^a+$/)),
    deep: z.union([z.literal(1), z.array(z.record(z.string(), z.int())).check(z.maxLength(2))]), mail: z.email(),
  });
  expect([...unbounded(bad, "bad")]).toEqual(["bad.text", "bad.list", "bad.any", "bad.pattern", "bad.deep[1][]", "bad.mail"]);
  const good = z.object({
    text: z.string().check(z.maxLength(LIMITS.nameMaxChars)), id: z.string().check(z.regex(/^[0-9a-f]{64}$/)), kind: z.enum(["a", "b"]),
    list: z.array(z.email().check(z.maxLength(LIMITS.emailMaxChars))).check(z.maxLength(3)), maybe: z.nullable(z.number()),
  });
  expect([...unbounded(good, "good")]).toEqual([]);
});
