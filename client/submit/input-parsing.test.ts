import fc from "fast-check";
import { expect, test } from "vitest";
import { guessFormat, parseCsv, parseData, parseJsonList, parseLines, parseNdjson } from "./input-parsing.ts";

test("parseJsonList: the items of a list are the inputs, and anything else says what to write", () => {
  expect(parseJsonList('[1, {"a": 2}]')).toEqual({ ok: true, values: [1, { a: 2 }] });
  expect(parseJsonList('{"a": 2}')).toMatchObject({ ok: false, errors: [{ line: 1, message: expect.stringContaining("no list") }] });
});

test("parseJsonList: an error names its line", () => {
  expect(parseJsonList("[\n  1,\n  2,,\n  3\n]")).toMatchObject({ ok: false, errors: [{ line: 3 }] });
  expect(parseJsonList("[\n  1,\n  2\n")).toMatchObject({ ok: false, errors: [{ line: expect.toSatisfy((line: number) => line >= 3) }] });
});

test("parseNdjson: every broken line is named, empty ones are left out", () => {
  expect(parseNdjson('{"a":1}\n\n7\r\n"x"\n')).toEqual({ ok: true, values: [{ a: 1 }, 7, "x"] });
  const broken = parseNdjson("1\n{oops\n3\nnope");
  expect(broken).toMatchObject({ ok: false, errors: [{ line: 2 }, { line: 4 }] });
});

test("parseNdjson: reads back whatever JSON was written line by line", () => {
  fc.assert(fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), (values) => {
    const ndjson = values.map((value) => JSON.stringify(value)).join("\n");
    expect(JSON.stringify(parseNdjson(ndjson))).toBe(JSON.stringify({ ok: true, values: JSON.parse(JSON.stringify(values)) }));
  }));
});

test("parseLines: numbers are numbers and words are words", () => {
  expect(parseLines("12\n-0.5\nhello there\n[1]")).toEqual({ ok: true, values: [12, -0.5, "hello there", [1]] });
});

test("parseCsv: the first line names the fields, numbers become numbers", async () => {
  expect(await parseCsv('id,name\n1,"Smith, Ann"\n2,Bo\n')).toEqual({ ok: true, values: [{ id: 1, name: "Smith, Ann" }, { id: 2, name: "Bo" }] });
});

test("parseCsv: one column needs no delimiter; a line with too many fields is named", async () => {
  expect(await parseCsv("n\n1\n2")).toEqual({ ok: true, values: [{ n: 1 }, { n: 2 }] });
  expect(await parseCsv("a,b\n1,2\n3,4,5")).toMatchObject({ ok: false, errors: [{ line: 3 }] });
});

test("parseData: nothing is no input", async () => {
  expect(await parseData("json", "[]")).toMatchObject({ ok: false });
  expect(await parseData("lines", " \n ")).toMatchObject({ ok: false });
});

test("guessFormat: by the name first, then by the text", () => {
  expect(guessFormat("points.CSV", "")).toBe("csv");
  expect(guessFormat("a.jsonl", "[1]")).toBe("ndjson");
  expect(guessFormat(null, "[1,\n2]")).toBe("json");
  expect(guessFormat(null, "[1]\n[2]")).toBe("ndjson");
  expect(guessFormat(null, '{"a":1}')).toBe("ndjson");
  expect(guessFormat("notes.txt", "one\ntwo")).toBe("lines");
});
