import { expect, test } from "vitest";
import type { Value } from "../../protocol/value.ts";
import { inferView, outputFile } from "./infer-view.ts";

const outputs = (...values: Value[]) => values.map((value, index) => ({ index, value }));

test("inferView: objects become a table, and so do numbers of many tasks, tiles and lists of rows", () => {
  expect(inferView(outputs({ n: 1, steps: 0 }, { n: 2, steps: 1 }), 2)).toBe("table");
  expect(inferView(outputs(0, 1, 7), 3)).toBe("table");
  expect(inferView(outputs({ x: 0, y: 0, width: 1, height: 1, rgba: new Uint8Array(4) }), 9)).toBe("table");
  expect(inferView(outputs([{ n: 1 }, { n: 2 }]), 1)).toBe("table");
});

test("inferView: one task's output is a value, also while a job of many has given one it is not", () => {
  expect(inferView(outputs(42), 1)).toBe("value");
  expect(inferView(outputs({ pi: 3.14 }), 1)).toBe("value");
  expect(inferView(outputs(42), 10)).toBe("table");
});

test("inferView: strings are text, files are files, nothing yet is a table", () => {
  expect(inferView(outputs("one", "two"), 2)).toBe("text");
  expect(inferView(outputs("a long story\nof two lines"), 1)).toBe("text");
  expect(inferView(outputs({ name: "a.txt", bytes: new Uint8Array(1) }), 1)).toBe("files");
  expect(inferView([], 5)).toBe("table");
});

test("outputFile: keeps the media type, and takes nothing without a name and bytes", () => {
  expect(outputFile({ name: "a.csv", type: "text/csv", bytes: new Uint8Array(2) })?.type).toBe("text/csv");
  expect(outputFile({ name: "", bytes: new Uint8Array(2) })).toBeNull();
  expect(outputFile({ name: "a", bytes: "text" })).toBeNull();
});
