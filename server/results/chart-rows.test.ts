import { describe, expect, test } from "vitest";
import { LIMITS } from "../../protocol/limits.ts";
import { packValues } from "../../protocol/packed-values.ts";
import { encodeValue } from "../../protocol/value.ts";
import { chartRows } from "./chart-rows.ts";

const rowsOf = (...outputs: readonly unknown[]) => chartRows(outputs.map((_, i) => 10 * i), packValues(outputs.map(encodeValue)));

describe("chartRows", () => {
  test("chartRows: an object is a row with the index of its task, unless it has one of its own", () => {
    expect(rowsOf({ n: 1 }, { n: 2, index: "own" })).toEqual([{ index: 0, n: 1 }, { index: "own", n: 2 }]);
  });

  test("chartRows: a scalar is a row of index and output", () => {
    expect(rowsOf(5, "a")).toEqual([{ index: 0, output: 5 }, { index: 10, output: "a" }]);
  });

  test("chartRows: an array gives a row for each of its items", () => {
    expect(rowsOf([{ a: 1 }, { a: 2 }], [3])).toEqual([{ index: 0, a: 1 }, { index: 0, a: 2 }, { index: 10, output: 3 }]);
  });

  test("chartRows: what Vega does not know becomes what it does", () => {
    const at = new Date(5);
    expect(rowsOf({ big: 7n, at, list: new Float64Array([0.5]), deep: { big: 1n } })).toEqual([{ index: 0, big: 7, at, list: [0.5], deep: { big: 1 } }]);
  });

  test("chartRows: too many rows are thinned evenly", () => {
    const many = Array.from({ length: 3 * LIMITS.chartRows }, (_, n) => n);
    const rows = rowsOf(many);
    expect(rows).toHaveLength(LIMITS.chartRows);
    expect(rows.at(-1)).toEqual({ index: 0, output: 3 * (LIMITS.chartRows - 1) });
  });

  test("chartRows: an output that cannot be decoded gives no row (R9)", () => {
    expect(chartRows([0, 1], packValues([Uint8Array.of(0xc1), encodeValue(2)]))).toEqual([{ index: 1, output: 2 }]);
  });
});
