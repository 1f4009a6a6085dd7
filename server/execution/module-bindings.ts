import type { AnyNode, Expression, Program } from "acorn";

/** What a name at the top of the module is bound to; null where it is declared without a value, or by a pattern. */
export type Bindings = ReadonlyMap<string, AnyNode | null>;

export function moduleBindings(program: Program): Bindings {
  const bindings = new Map<string, AnyNode | null>();
  for (const statement of program.body) {
    const declaration: AnyNode | null | undefined =
      statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration" ? statement.declaration : statement;
    if (declaration?.type === "FunctionDeclaration" || declaration?.type === "ClassDeclaration") {
      if (declaration.id) bindings.set(declaration.id.name, declaration);
    } else if (declaration?.type === "VariableDeclaration") {
      for (const { id, init } of declaration.declarations) {
        if (id.type === "Identifier") bindings.set(id.name, init ?? null);
      }
    }
  }
  return bindings;
}

/** What the module exports of its own under this name, as it is written there; undefined where it does not. */
export function exported(program: Program, bindings: Bindings, name: string): AnyNode | Expression | undefined {
  for (const statement of program.body) {
    if (statement.type === "ExportDefaultDeclaration" && name === "default") return statement.declaration;
    if (statement.type !== "ExportNamedDeclaration" || statement.source) continue;
    const declaration = statement.declaration;
    if (declaration?.type === "VariableDeclaration") {
      const declarator = declaration.declarations.find(({ id }) => id.type === "Identifier" && id.name === name);
      if (declarator) return declarator.init ?? declarator.id;
    } else if (declaration?.id.name === name) {
      return declaration;
    }
    const specifier = statement.specifiers.find((candidate) => nameOf(candidate.exported) === name);
    if (specifier) return bindings.get(nameOf(specifier.local)) ?? specifier.local;
  }
  return undefined;
}

function nameOf(node: { type: "Identifier"; name: string } | { type: "Literal"; value?: unknown }): string {
  return node.type === "Identifier" ? node.name : String(node.value);
}
