import { parse, type ImportDeclaration, type ExportAllDeclaration, type ExportNamedDeclaration, type Literal, type Program } from "acorn";
import { transform } from "sucrase";
import { inexactMath } from "../../sdk/inexact-math.ts";

/** A fault of the Executable's source. Lines and columns count from 1; null where the whole is meant. */
export interface SourceProblem {
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

/** What a module is that a slot can load: JavaScript with the lines of its source. */
export interface CheckedSource {
  readonly javascript: string;
  readonly hasInputs: boolean;
  readonly hasView: boolean;
  /** What it computes with whose last digits differ between browsers. */
  readonly inexact: readonly string[];
}

export type SourceCheck =
  | { readonly ok: true; readonly module: CheckedSource }
  | { readonly ok: false; readonly problems: readonly SourceProblem[] };

const BUNDLE_HINT = "A page sends one file. Put the code here, or use the command line, which bundles: manyhands run job.ts";

/** Takes the types off, keeping every line where it is, and checks what the hub would refuse. */
export function checkSource(source: string): SourceCheck {
  if (source.trim() === "") return { ok: false, problems: [{ line: null, column: null, message: "Write a function, or choose an example" }] };
  let javascript: string;
  try {
    javascript = transform(source, { transforms: ["typescript"], disableESTransforms: true }).code;
  } catch (error) {
    return { ok: false, problems: [syntaxProblem(error, 1)] };
  }
  let program: Program;
  try {
    program = parse(javascript, { ecmaVersion: "latest", sourceType: "module", locations: true });
  } catch (error) {
    return { ok: false, problems: [syntaxProblem(error, 0)] };
  }
  const problems = program.body.flatMap(importProblem);
  const names = exportedNames(program);
  if (!names.has("default")) {
    problems.push({ line: null, column: null, message: "Cannot run this: it exports no function. Begin with: export default function (input) { … }" });
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, module: { javascript, hasInputs: names.has("inputs"), hasView: names.has("view"), inexact: inexactMath(program) } };
}

function importProblem(statement: Program["body"][number]): SourceProblem[] {
  const from = importedFrom(statement);
  if (from === null) return [];
  const start = statement.loc?.start;
  return [{ line: start?.line ?? null, column: start === undefined ? null : start.column + 1, message: `Cannot load ${from.raw ?? "this import"}: ${BUNDLE_HINT}` }];
}

function importedFrom(statement: Program["body"][number] | ImportDeclaration | ExportAllDeclaration | ExportNamedDeclaration): Literal | null {
  switch (statement.type) {
    case "ImportDeclaration": case "ExportAllDeclaration": return statement.source;
    case "ExportNamedDeclaration": return statement.source ?? null;
    default: return null;
  }
}

function exportedNames(program: Program): Set<string> {
  const names = new Set<string>();
  for (const statement of program.body) {
    if (statement.type === "ExportDefaultDeclaration") names.add("default");
    if (statement.type !== "ExportNamedDeclaration") continue;
    for (const { exported } of statement.specifiers) names.add(exported.type === "Identifier" ? exported.name : String(exported.value));
    const { declaration } = statement;
    if (declaration === null || declaration === undefined) continue;
    if (declaration.type !== "VariableDeclaration") names.add(declaration.id.name);
    else for (const { id } of declaration.declarations) if (id.type === "Identifier") names.add(id.name);
  }
  return names;
}

/** Both parsers write the place behind the message, "Unexpected token (3:7)", but count columns from 1 and from 0. */
function syntaxProblem(error: unknown, firstColumn: 0 | 1): SourceProblem {
  const text = error instanceof Error ? error.message : String(error);
  const place = /\((\d+):(\d+)\)\s*$/.exec(text);
  const message = text.replace(/^Error transforming[^:]*: /, "").replace(/\s*\(\d+:\d+\)\s*$/, "");
  return {
    line: place?.[1] === undefined ? null : Number(place[1]),
    column: place?.[2] === undefined ? null : Number(place[2]) + 1 - firstColumn,
    message: `Cannot read this code: ${message}`,
  };
}
