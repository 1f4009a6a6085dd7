import { parse } from "acorn";
import { expect, test } from "vitest";
import { FIRST_ANSWER } from "../protocol/http/verification.ts";
import { inexactMathWarning } from "./inexact-math-warning.ts";
import { inexactMath } from "./inexact-math.ts";

const of = (source: string) => inexactMath(parse(source, { ecmaVersion: "latest", sourceType: "module" }));

test.each([
  ["export default (x) => Math.sin(x) + Math.sqrt(x)", ["Math.sin"]],
  ["export default (x) => [Math.hypot(x, 1), Math['exp'](x), Math.cbrt(x)]", ["Math.cbrt", "Math.exp", "Math.hypot"]],
  ["const { cos, floor, pow: p } = Math; export default (x) => p(cos(x), floor(x))", ["Math.cos", "Math.pow"]],
  ["const m = Math; const n = m; export default (x) => n.tanh(x)", ["Math.tanh"]],
  ["let log; ({ log } = Math); export default (x) => log(x)", ["Math.log"]],
  ["export default (x) => globalThis.Math.atan2(x, 1)", ["Math.atan2"]],
  ["export default (x) => x ** 0.5", ["**"]],
  ["export default (x) => { x **= 3; return x }", ["**"]],
  ["export default (x) => Math.log1p(x) ** x", ["**", "Math.log1p"]],
  ["function deep(x) { class A { static b = [{ c: () => Math.sinh(x) }] } return A } export default deep", ["Math.sinh"]],
])("inexactMath: %s", (source, expected) => {
  expect(of(source)).toEqual(expected);
});

test.each([
  "export default (x) => Math.sqrt(Math.abs(Math.round(Math.imul(x, 3) + Math.PI)))",
  "// Math.sin\nexport default (x) => 'Math.cos(x)' + `Math.exp`",
  "export default (o) => o.sin(1) + o.Math",
  "const sin = (x) => x; export default (x) => sin(x)",
  "export default (x) => 2 ** 32 + Number(2n ** 64n) + x",
  "const obj = { Math: 1, sin: 2 }; export default () => obj.sin",
  "const { min, max } = Math; export default (x) => min(x, max(x, 2))",
])("inexactMath: nothing in %s", (source) => {
  expect(of(source)).toEqual([]);
});

test("inexactMath: code that nests deeper than the call stack reaches", () => {
  const sum = parse("1", { ecmaVersion: "latest", sourceType: "module" });
  const math = parse("Math.sin(1)", { ecmaVersion: "latest", sourceType: "module" });
  // acorn itself would not read this from a text.
  let nested: unknown = math;
  for (let i = 0; i < 100_000; i++) nested = { type: "Nested", body: [nested] };
  Object.assign(sum, { nested });
  expect(inexactMath(sum)).toEqual(["Math.sin"]);
});

test("inexactMathWarning: only where answers are verified, exactly, and by any engine", () => {
  const verified = { ...FIRST_ANSWER, policy: { quorum: 2 } } as const;
  const warning = inexactMathWarning(["**", "Math.exp", "Math.sin"], verified, "Do this.");
  expect(warning).toMatch(/^The job uses \*\*, Math.exp and Math.sin, whose last digits differ .* Do this\.$/);
  expect(inexactMathWarning(["**"], verified, "")).toContain("The job uses **, whose");
  expect(inexactMathWarning([], verified, "")).toBeNull();
  for (const rules of [FIRST_ANSWER, { ...verified, compare: { relative: 1e-9 } }, { ...verified, compare: "set" }, { ...verified, engines: "same" }] as const) {
    expect(inexactMathWarning(["Math.sin"], rules, "")).toBeNull();
  }
});
