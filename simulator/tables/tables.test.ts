import { describe, expect, it } from "vitest";
import { makeTables } from "./make-tables.ts";
import { judge, printed, type Figure } from "./report.ts";
import { TABLES } from "./tables.ts";

describe("makeTables", () => {
  it("finds every figure where its reference says, but for what chance explains in a short run", () => {
    const shown: string[] = [];
    const misses = makeTables(TABLES, { seed: 1, quick: true }, (text) => shown.push(text));
    expect(shown).toHaveLength(TABLES.length);
    expect(misses, shown.join("\n")).toBe(0);
  });

  it("makes one alone, the same for the same seed (R10)", () => {
    const shown: string[][] = [[], []];
    for (const texts of shown) makeTables(TABLES, { seed: 7, quick: true, only: "cutting" }, (text) => texts.push(text));
    expect(shown[0]).toHaveLength(1);
    expect(shown[0]).toEqual(shown[1]);
  });
});

describe("judge", () => {
  const figure: Figure = { row: "row", column: "λ=.90", ours: 10.2, standardError: 0.1, reference: 10, tolerance: 0.01, method: "guessed" };

  it("misses what is further off than allowed, in a short run by more than chance explains", () => {
    expect(judge(figure, false)).toEqual({ deviation: expect.closeTo(0.02), missed: true });
    expect(judge(figure, true)?.missed).toBe(false);
    expect(judge({ ...figure, ours: 10.51 }, true)?.missed).toBe(true);
    expect(judge({ ...figure, ours: 9.91 }, false)?.missed).toBe(false);
    expect(judge({ ...figure, ours: Number.NaN }, true)?.missed).toBe(true);
  });

  it("asks for equality where nothing is allowed, and for nothing where there is no reference", () => {
    expect(judge({ ...figure, ours: 11, reference: 10, tolerance: 0, standardError: null }, false)?.missed).toBe(true);
    expect(judge({ ...figure, ours: 10, reference: 10, tolerance: 0, standardError: null }, false)?.missed).toBe(false);
    expect(judge({ ...figure, reference: null }, false)).toBeUndefined();
  });

  it("is printed beside ours, the reference and the standard error", () => {
    expect(printed([figure], false).split("\n").at(-1)).toBe("row  λ=.90  10.200     10.000  2.00 %   1.00 %      0.98 %  MISSED  guessed");
  });
});
