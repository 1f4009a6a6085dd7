import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GridError } from "../../protocol/grid-error.ts";
import { checkExecutable } from "./check-executable.ts";
import { SubmissionError } from "./submission-error.ts";

function refusal(source: string): SubmissionError {
  try {
    checkExecutable(source);
  } catch (error) {
    if (error instanceof SubmissionError) return error;
    throw error;
  }
  throw new Error(`Cannot test the refusal: this was accepted: ${source}`);
}

describe("checkExecutable: accepts what exports a default function", () => {
  test.each([
    "export default function (n) { return n }",
    "export default async function steps(n) { return n }",
    "export default (n) => n * n",
    "const f = async n => n; export default f;",
    "function f() {} export { f as default };",
    "var main = function () {}; var view = { kind: 'table' }; export { main as default, view };",
    "export default makeTask({ size: 3 }); function makeTask() { return () => 1 }",
    "#!/usr/bin/env node\nexport default () => import.meta.url",
    "export default (name) => import(name)",
    "export default await Promise.resolve(() => 1)",
  ])("%s", (source) => {
    expect(() => checkExecutable(source)).not.toThrow();
  });
});

describe("checkExecutable: refuses what is no job, and says where", () => {
  test.each([
    ["export default 42", /it is a value/, 1, 16],
    ["export const a = 1;\nexport default class {}", /it is a class/, 2, 16],
    ["export default function* () { yield 1 }", /generator/, 1, 16],
    ["const f = { a: 1 };\nexport default f", /it is a value/, 2, 16],
    ["export const f = () => 1", /Cannot find a default export/, 1, 1],
    ["module.exports = () => 1", /CommonJS/, 1, 1],
    ["import x from 'lodash';\nexport default () => x", /Cannot resolve "lodash".*manyhands run/, 1, 1],
    ["export default async () => {\n  await import('https://example.com/x.js')\n}", /Cannot resolve "https:\/\/example.com\/x.js"/, 2, 9],
    ["export { default } from './other.js'", /Cannot resolve ".\/other.js"/, 1, 1],
    ["export * from 'node:fs'; export default () => 1", /Cannot resolve "node:fs"/, 1, 1],
    ["export default (n) => {\n  return n +* 2\n}", /Unexpected token/, 2, 13],
    ["export default function (n: number) { return n }", /looks like TypeScript/, 1, 27],
    ["interface A { b: string }\nexport default () => 1", /looks like TypeScript/, 1, 1],
  ])("%s", (source, message, line, column) => {
    const refused = refusal(source);
    expect(refused.kind).toBe("unreadable-executable");
    expect(refused.errors[0]?.message).toMatch(message);
    expect(refused.errors[0]).toMatchObject({ line, column });
  });

  test("checkExecutable: the message shows the line with a caret under the fault", () => {
    const [, , line, caret] = refusal("const a = 1;\nexport default (n) => n +* a").message.split("\n");
    expect(line).toBe("  2 | export default (n) => n +* a");
    expect(caret?.indexOf("^")).toBe(line?.indexOf("*"));
  });

  test("checkExecutable: a long line is shown as a window around the fault", () => {
    const refused = refusal(`export default () => [${"1,".repeat(50_000)}+*]`);
    expect(refused.message.length).toBeLessThan(500);
    const [, , line, caret] = refused.message.split("\n");
    expect(line?.charAt(caret?.indexOf("^") ?? 0)).toBe("*");
  });

  test("checkExecutable: every import is named, up to a limit", () => {
    expect(refusal(`import "a";\nimport "b";\nexport default () => import("c")`).errors.map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(refusal(`${`import "a";`.repeat(500)}export default () => 1`).errors.length).toBe(20);
  });

  test("checkExecutable: code that nests without end is refused, not a crash", () => {
    expect(() => checkExecutable(`export default () => ${"(".repeat(200_000)}1`)).toThrow(/Not enough stack space/);
    expect(() => checkExecutable(`export default () => ${"[".repeat(200_000)}${"]".repeat(200_000)}`)).toThrow(/Not enough stack space/);
  });
});

describe("checkExecutable: reads a view that is written in literals", () => {
  test.each([
    ["export const view = { kind: 'image', width: 640, height: 480 };", { kind: "image", width: 640, height: 480 }],
    ["const W = 640; export const view = { kind: 'image', width: W, height: W };", { kind: "image", width: 640, height: 640 }],
    ["var view = { kind: `table` }; export { view };", { kind: "table" }],
    ["export const view = { kind: 'chart', spec: { mark: 'line', width: -1, layer: [{ 'a b': null }, true] } };", { kind: "chart", spec: { mark: "line", width: -1, layer: [{ "a b": null }, true] } }],
    ["export const view = makeView();", null],
    ["export const view = { kind: 'image', width: 2 * 320, height: 480 };", null],
    ["export function view() { return { kind: 'table' } }", null],
    ["let view; export { view };", null],
    ["", null],
  ])("%s", (source, view) => {
    expect(checkExecutable(`${source}\nexport default () => 1`)).toEqual(view);
  });

  test("checkExecutable: a view that is none is refused beside its line", () => {
    const refused = refusal("export default () => 1;\nexport const view = { kind: 'image', width: 0, height: 1 };");
    expect(refused.errors[0]).toMatchObject({ path: "view", line: 2, column: 21 });
    expect(refused.errors[0]?.message).toContain("width");
  });

  test("checkExecutable: a spec that nests deep or is large is refused", () => {
    const deep = `${"{ a: ".repeat(40)}1${" }".repeat(40)}`;
    expect(checkExecutable(`export default () => 1; export const view = { kind: 'chart', spec: ${deep} }`)).not.toBeNull();
    expect(refusal(`export default () => 1; export const view = { kind: 'chart', spec: { a: '${"x".repeat(70_000)}' } }`).message).toContain("65536");
  });
});

test("checkExecutable: any text is read or refused with a stated error (R9)", () => {
  const fragments = fc.constantFrom("export ", "default ", "import ", "{", "}", "(", ")", "=>", "view", "=", "'x'", "`", "${", "function ", "class ", "*", ";", "\n", "1n", "/a/", ", ", "from ", "as ", "async ", "await ");
  fc.assert(fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.array(fragments).map((parts) => parts.join(""))), (source) => {
    try {
      checkExecutable(source);
    } catch (error) {
      expect(error).toBeInstanceOf(GridError);
    }
  }), { numRuns: 2_000 });
});
