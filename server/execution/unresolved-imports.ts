import type { AnyNode, Program } from "acorn";
import { SUBMISSION_LIMITS } from "../limits.ts";
import type { SourceError } from "./source-error.ts";

/**
 * Every import, static or dynamic, of a specifier that is written down. None of them can be resolved inside the
 * sandbox, which reaches no network. A dynamic import of something computed is left to the sandbox to refuse.
 */
export function unresolvedImports(program: Program): readonly SourceError[] {
  const errors: SourceError[] = [];
  // A stack of its own: hostile code nests deeper than the call stack reaches.
  const open: unknown[] = [program];
  while (open.length > 0 && errors.length < SUBMISSION_LIMITS.reportedErrors) {
    const node = open.pop();
    if (Array.isArray(node)) {
      for (let i = node.length - 1; i >= 0; i--) open.push(node[i]);
    } else if (isNode(node)) {
      const specifier = importedBy(node);
      if (specifier !== undefined) errors.push(unresolved(node, specifier));
      const children = Object.values(node);
      for (let i = children.length - 1; i >= 0; i--) if (typeof children[i] === "object") open.push(children[i]);
    }
  }
  return errors;
}

function importedBy(node: AnyNode): string | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
      return node.source ? String(node.source.value) : undefined;
    case "ImportExpression":
      return node.source.type === "Literal" ? String(node.source.value) : undefined;
    default:
      return undefined;
  }
}

function unresolved(node: AnyNode, specifier: string): SourceError {
  const start = node.loc?.start ?? { line: 1, column: 0 };
  return {
    message: `Cannot resolve "${specifier.slice(0, 200)}": the sandbox reaches no other module. Bundle it into the Executable, for example with \`manyhands run\`, which bundles.`,
    line: start.line,
    column: start.column + 1,
  };
}

function isNode(candidate: unknown): candidate is AnyNode {
  return typeof candidate === "object" && candidate !== null && "type" in candidate && typeof candidate.type === "string";
}
