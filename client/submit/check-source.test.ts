import { expect, test } from "vitest";
import { checkSource } from "./check-source.ts";

test("checkSource: takes types off and keeps every line where it is", () => {
  const source = "interface Point {\n  x: number;\n}\nexport default function (p: Point): number {\n  return p.x as number;\n}\n";
  const check = checkSource(source);
  expect(check).toMatchObject({ ok: true, module: { hasInputs: false, hasView: false } });
  const lines = check.ok ? check.module.javascript.split("\n") : [];
  expect(lines).toHaveLength(source.split("\n").length);
  expect(lines[4]).toContain("return p.x");
  expect(lines[3]).not.toContain("Point");
});

test("checkSource: sees which of inputs and view the module exports", () => {
  const source = "export function* inputs() { yield 1 }\nconst view = { kind: 'table' };\nexport { view };\nexport default (n: number) => n;";
  expect(checkSource(source)).toMatchObject({ ok: true, module: { hasInputs: true, hasView: true } });
});

test("checkSource: a type import vanishes, any other names its line and the command that bundles", () => {
  expect(checkSource("import type { Task } from '../task.ts';\nexport default (n: number, task: Task) => n;")).toMatchObject({ ok: true });
  const check = checkSource("// sum\nimport { sum } from 'lodash';\nexport * from './more.ts';\nexport default (n) => sum(n);");
  expect(check).toMatchObject({
    ok: false,
    problems: [
      { line: 2, column: 1, message: expect.stringMatching(/'lodash'.*manyhands run/) },
      { line: 3, message: expect.stringContaining("./more.ts") },
    ],
  });
});

test("checkSource: a syntax error has its line and column", () => {
  expect(checkSource("export default function (n) {\n  return n +;\n}")).toMatchObject({ ok: false, problems: [{ line: 2, column: 13 }] });
  expect(checkSource("export default function (n: number {\n}")).toMatchObject({ ok: false, problems: [{ line: 1 }] });
  expect(checkSource("export default function (n) {\n  const a = 1;\n  const a = 2;\n}")).toMatchObject({ ok: false, problems: [{ line: 3 }] });
});

test("checkSource: a module without a default export is told what to begin with", () => {
  expect(checkSource("export const f = 1;")).toMatchObject({ ok: false, problems: [{ line: null, message: expect.stringContaining("export default function") }] });
  expect(checkSource(" \n")).toMatchObject({ ok: false });
});
