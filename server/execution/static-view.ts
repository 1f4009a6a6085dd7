import type { AnyNode } from "acorn";
import { LIMITS } from "../../protocol/limits.ts";
import { viewSchema, type View } from "../../protocol/http/view.ts";
import type { Bindings } from "./module-bindings.ts";
import { schemaErrors } from "./schema-errors.ts";
import type { SourceError } from "./source-error.ts";

const NOT_STATIC = Symbol("not static");
const MAX_DEPTH = 64;

export type StaticView = { readonly view: View | null } | { readonly error: SourceError };

/** Reads `export const view = { … }` where it is written in literals; a null view where only running it would tell. */
export function staticView(node: AnyNode, bindings: Bindings): StaticView {
  const value = evaluate(node, bindings, 0);
  if (value === NOT_STATIC) return { view: null };
  const parsed = viewSchema.safeParse(value);
  const why = parsed.success ? whyTooLarge(parsed.data) : describe(schemaErrors(parsed.error));
  if (parsed.success && why === null) return { view: parsed.data };
  const start = node.loc?.start ?? { line: 1, column: 0 };
  return { error: { path: "view", message: `Cannot read the exported view: ${why ?? "it is none"}`, line: start.line, column: start.column + 1 } };
}

/** Why a view cannot be stored, or null. */
export function whyTooLarge(view: View): string | null {
  if (view.kind !== "chart") return null;
  if (!isShallow(view.spec, MAX_DEPTH)) return `its spec nests deeper than ${MAX_DEPTH}`;
  if (JSON.stringify(view.spec).length <= LIMITS.chartSpecBytes) return null;
  return `its spec passes ${LIMITS.chartSpecBytes} characters; the data of a chart are the outputs, not part of its spec`;
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((item) => isShallow(item, depth - 1));
}

function describe(errors: readonly SourceError[]): string {
  return errors.map(({ path, message }) => (path === undefined ? message : `${path}: ${message}`)).join("; ");
}

function evaluate(node: AnyNode, bindings: Bindings, depth: number): unknown {
  if (depth > MAX_DEPTH) return NOT_STATIC;
  switch (node.type) {
    case "Literal":
      return node.regex || node.bigint !== undefined && node.bigint !== null ? NOT_STATIC : node.value;
    case "TemplateLiteral":
      return node.expressions.length === 0 ? (node.quasis[0]?.value.cooked ?? NOT_STATIC) : NOT_STATIC;
    case "UnaryExpression": {
      const operand = evaluate(node.argument, bindings, depth + 1);
      if (typeof operand !== "number") return NOT_STATIC;
      return node.operator === "-" ? -operand : node.operator === "+" ? operand : NOT_STATIC;
    }
    case "Identifier": {
      const bound = bindings.get(node.name);
      return bound ? evaluate(bound, bindings, depth + 1) : NOT_STATIC;
    }
    case "ArrayExpression": {
      const items = node.elements.map((item) => (item === null ? NOT_STATIC : evaluate(item, bindings, depth + 1)));
      return items.includes(NOT_STATIC) ? NOT_STATIC : items;
    }
    case "ObjectExpression": {
      const entries = node.properties.map((property) => entry(property, bindings, depth + 1));
      return entries.some(([, value]) => value === NOT_STATIC) ? NOT_STATIC : Object.fromEntries(entries);
    }
    default:
      return NOT_STATIC;
  }
}

function entry(property: AnyNode, bindings: Bindings, depth: number): [string, unknown] {
  if (property.type !== "Property" || property.kind !== "init" || property.computed || property.method) return ["", NOT_STATIC];
  const key = property.key.type === "Identifier" ? property.key.name : property.key.type === "Literal" ? String(property.key.value) : "";
  return [key, evaluate(property.value, bindings, depth)];
}
