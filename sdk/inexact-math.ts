import type { AnyNode, Expression, Pattern, PrivateIdentifier, Program, Super } from "acorn";

// ECMAScript leaves the last digits of these to whoever implements it: they differ between browser engines, and with
// one engine between processors. + - * / % and Math.sqrt, fround, abs, floor and their like are exact everywhere.
const INEXACT: ReadonlySet<string> = new Set([
  "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
  "exp", "expm1", "log", "log1p", "log2", "log10", "pow", "cbrt", "hypot",
]);

/**
 * What a module computes with whose last digits differ between browsers, for example ["Math.sin", "**"], by name. It is
 * found in the parsed program: a name in a text or a comment is none. `**` counts unless both of its sides are whole
 * numbers that are written down.
 */
export function inexactMath(program: Program): readonly string[] {
  const found = new Set<string>();
  const names = mathNames(program);
  for (const node of nodesOf(program)) {
    if (node.type === "MemberExpression" && isMath(node.object, names)) add(found, propertyName(node.property, node.computed));
    if (node.type === "VariableDeclarator" && node.init && isMath(node.init, names)) taken(node.id).forEach((name) => add(found, name));
    if (node.type === "AssignmentExpression" && node.operator === "=" && isMath(node.right, names)) taken(node.left).forEach((name) => add(found, name));
    if (node.type === "BinaryExpression" && node.operator === "**" && !(isWhole(node.left) && isWhole(node.right))) found.add("**");
    if (node.type === "AssignmentExpression" && node.operator === "**=") found.add("**");
  }
  return [...found].sort((a, b) => (a < b ? -1 : 1));
}

function add(found: Set<string>, name: string | null): void {
  if (name !== null && INEXACT.has(name)) found.add(`Math.${name}`);
}

/** Every node in the order of the text, on a stack of its own: code may nest deeper than the call stack reaches. */
function* nodesOf(program: Program): Generator<AnyNode> {
  const open: unknown[] = [program];
  while (open.length > 0) {
    const node = open.pop();
    if (isNode(node)) yield node;
    if (typeof node !== "object" || node === null) continue;
    const children: unknown[] = Object.values(node);
    for (let i = children.length - 1; i >= 0; i--) if (typeof children[i] === "object") open.push(children[i]);
  }
}

/** "Math", and whatever name it was given: const m = Math. */
function mathNames(program: Program): ReadonlySet<string> {
  const names = new Set(["Math"]);
  for (const node of nodesOf(program)) {
    if (node.type === "VariableDeclarator" && node.id.type === "Identifier" && node.init && isMath(node.init, names)) names.add(node.id.name);
  }
  return names;
}

/** Math, or globalThis.Math, or (0, Math). */
function isMath(node: Expression | Super, names: ReadonlySet<string>): boolean {
  if (node.type === "Identifier") return names.has(node.name);
  if (node.type === "MemberExpression") return propertyName(node.property, node.computed) === "Math";
  return node.type === "ParenthesizedExpression" && isMath(node.expression, names);
}

/** The names that are taken out of an object: const { sin, cos: c } = Math. */
function taken(pattern: Pattern): (string | null)[] {
  if (pattern.type !== "ObjectPattern") return [];
  return pattern.properties.map((property) => (property.type === "Property" ? propertyName(property.key, property.computed) : null));
}

function propertyName(property: Expression | PrivateIdentifier, computed: boolean): string | null {
  if (property.type === "Literal") return String(property.value);
  return property.type === "Identifier" && !computed ? property.name : null;
}

function isWhole(node: Expression | PrivateIdentifier): boolean {
  if (node.type === "Literal") return typeof node.value === "bigint" || Number.isInteger(node.value);
  return node.type === "ParenthesizedExpression" && isWhole(node.expression);
}

function isNode(candidate: unknown): candidate is AnyNode {
  return typeof candidate === "object" && candidate !== null && "type" in candidate && typeof candidate.type === "string";
}
