import { parse, type Program } from "acorn";
import type { View } from "../../protocol/http/view.ts";
import { whyNotCallable } from "./default-export.ts";
import { exported, moduleBindings } from "./module-bindings.ts";
import { excerpt, type SourceError } from "./source-error.ts";
import { staticView } from "./static-view.ts";
import { SubmissionError } from "./submission-error.ts";
import { unresolvedImports } from "./unresolved-imports.ts";

const TYPESCRIPT_SIGNS =
  /\binterface\s+\w+\s*(<[^>]*>\s*)?\{|\btype\s+\w+\s*=|[\w\])]\s*\??:\s*(number|string|boolean|unknown|any|void|never|bigint|object|Promise<|Array<|\w+\[\])|\bas\s+(const|number|string|unknown|any)\b/;

/**
 * Reads an Executable without running any of it: an ES module that exports a default function and imports nothing.
 * Answers the view that it exports in literals, or null. Throws SubmissionError "unreadable-executable" with every fault
 * and its place.
 */
export function checkExecutable(source: string): View | null {
  const program = parseModule(source);
  const imports = unresolvedImports(program);
  if (imports.length > 0) throw unreadable(source, imports);
  const bindings = moduleBindings(program);
  const main = exported(program, bindings, "default");
  if (main === undefined) throw unreadable(source, [withoutDefault(source)]);
  const why = whyNotCallable(main, bindings);
  if (why !== null) {
    const start = main.loc?.start ?? { line: 1, column: 0 };
    throw unreadable(source, [{ message: `Cannot call the default export: ${why}.`, line: start.line, column: start.column + 1 }]);
  }
  const view = exported(program, bindings, "view");
  if (view === undefined) return null;
  const read = staticView(view, bindings);
  if ("error" in read) throw unreadable(source, [read.error]);
  return read.view;
}

function parseModule(source: string): Program {
  try {
    return parse(source, { ecmaVersion: "latest", sourceType: "module", locations: true, allowHashBang: true });
  } catch (error) {
    if (error instanceof SyntaxError) throw unreadable(source, [syntaxError(source, error)]);
    throw error;
  }
}

function syntaxError(source: string, error: SyntaxError): SourceError {
  const message = error.message.replace(/ \(\d+:\d+\)$/, "");
  const hint = TYPESCRIPT_SIGNS.test(source)
    ? ". This looks like TypeScript: strip its types first, as the submit page and `manyhands run` do"
    : "";
  return { message: message + hint, ...place(error) };
}

function place(error: SyntaxError): Pick<SourceError, "line" | "column"> {
  const loc: unknown = "loc" in error ? error.loc : undefined;
  if (typeof loc !== "object" || loc === null || !("line" in loc) || !("column" in loc)) return {};
  return typeof loc.line === "number" && typeof loc.column === "number" ? { line: loc.line, column: loc.column + 1 } : {};
}

function withoutDefault(source: string): SourceError {
  const commonJs = /\bmodule\.exports\b|\bexports\.\w+\s*=/.test(source);
  return {
    message: commonJs
      ? "Cannot find a default export: this is a CommonJS module. Bundle it as an ES module, or write `export default function (input) { … }`."
      : "Cannot find a default export. Write `export default function (input) { … }`: it is called with one input and returns its output.",
    line: 1,
    column: 1,
  };
}

function unreadable(source: string, errors: readonly SourceError[]): SubmissionError {
  const first = errors[0];
  const where = first?.line === undefined ? "" : `line ${first.line}, column ${first.column}: `;
  const shown = first === undefined ? "" : excerpt(source, first);
  const message = `Cannot read this Executable: ${where}${first?.message ?? "it is empty"}${shown === "" ? "" : `\n\n${shown}`}`;
  return new SubmissionError("unreadable-executable", message, errors);
}
