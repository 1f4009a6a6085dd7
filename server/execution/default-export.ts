import type { AnyNode } from "acorn";
import type { Bindings } from "./module-bindings.ts";

const FOLLOWED_NAMES = 10;

/** Why this cannot be a job's default export, as far as syntax shows; null where it can. */
export function whyNotCallable(node: AnyNode, bindings: Bindings, followed = 0): string | null {
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
      return node.generator ? "it is a generator function; export a function that returns its output" : null;
    case "ArrowFunctionExpression":
      return null;
    case "ClassDeclaration":
    case "ClassExpression":
      return "it is a class, which cannot be called; export a function";
    case "Literal":
    case "TemplateLiteral":
    case "ObjectExpression":
    case "ArrayExpression":
    case "UnaryExpression":
    case "BinaryExpression":
      return "it is a value; export a function";
    case "Identifier": {
      const bound = bindings.get(node.name);
      return bound && followed < FOLLOWED_NAMES ? whyNotCallable(bound, bindings, followed + 1) : null;
    }
    default:
      // A call, a member, an await: only running it would tell, and the hub runs nothing.
      return null;
  }
}
