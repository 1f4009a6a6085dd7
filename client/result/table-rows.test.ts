import { expect, test } from "vitest";
import { cellText, inferColumns, MAX_COLUMNS, rowsOf, sortRows } from "./table-rows.ts";

test("rowsOf: an object is a row, a list of objects is many, a number is a row of one cell", () => {
  expect(rowsOf({ index: 4, value: { n: 1 } })).toEqual([{ index: 4, cells: { n: 1 } }]);
  expect(rowsOf({ index: 4, value: [{ n: 1 }, { n: 2 }] })).toEqual([{ index: 4, cells: { n: 1 } }, { index: 4, cells: { n: 2 } }]);
  expect(rowsOf({ index: 4, value: 9 })).toEqual([{ index: 4, cells: { output: 9 } }]);
  expect(rowsOf({ index: 4, value: [1, 2] })).toEqual([{ index: 4, cells: { output: [1, 2] } }]);
});

test("inferColumns: the union of all fields in order of appearance, within its limit", () => {
  expect(inferColumns([{ index: 0, cells: { a: 1, b: 2 } }, { index: 1, cells: { c: 3, a: 4 } }])).toEqual(["a", "b", "c"]);
  const wide = Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`field ${i}`, i]));
  expect(inferColumns([{ index: 0, cells: wide }])).toHaveLength(MAX_COLUMNS);
});

test("sortRows: numbers by size, text by its numbers, empty cells last either way", () => {
  const rows = [10, 9, null, 2].map((n, index) => ({ index, cells: { n } }));
  const sorted = (descending: boolean) => sortRows(rows, { column: "n", descending }).map(({ cells }) => cells["n"]);
  expect(sorted(false)).toEqual([2, 9, 10, null]);
  expect(sorted(true)).toEqual([10, 9, 2, null]);
  const names = ["run 10", "run 9"].map((name, index) => ({ index, cells: { name } }));
  expect(sortRows(names, { column: "name", descending: false }).map(({ index }) => index)).toEqual([1, 0]);
  expect(sortRows(rows, { column: "index", descending: true }).map(({ index }) => index)).toEqual([3, 2, 1, 0]);
  expect(sortRows(rows, null)).toBe(rows);
});

test("cellText: what JSON cannot carry is told in words, and long text is cut", () => {
  expect(cellText(new Uint8Array(3))).toBe("3 bytes");
  expect(cellText([new Uint8Array(1)])).toBe('["1 byte"]');
  expect(cellText(new Float64Array(1))).toBe("1 number");
  expect(cellText(12345678901234567890n)).toBe("12345678901234567890");
  expect(cellText({ big: 1n, bytes: new Uint8Array(2), nan: Number.NaN })).toBe('{"big":"1","bytes":"2 bytes","nan":"NaN"}');
  expect(cellText(null)).toBe("");
  expect(cellText("x".repeat(500))).toHaveLength(201);
});
