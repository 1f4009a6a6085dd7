import { describe, expect, test } from "vitest";
import { encodeValue } from "../../protocol/value.ts";
import { CsvWriter } from "./csv-writer.ts";

function csvOf(outputs: readonly unknown[], options: { failures?: boolean; failed?: readonly number[] } = {}): string[] {
  const writer = new CsvWriter({ failures: options.failures ?? false });
  outputs.forEach((output, index) => {
    if (options.failed?.includes(index) === true) writer.failure(index, { message: `no ${index}`, stack: "at x" });
    else writer.output(index, encodeValue(output));
  });
  writer.end();
  return new TextDecoder().decode(writer.take()).split("\r\n").filter((line) => line !== "");
}

describe("CsvWriter", () => {
  test("CsvWriter: an object's fields are columns, their union over the rows", () => {
    expect(csvOf([{ n: 1, steps: 0 }, { n: 2, peak: 2 }])).toEqual(["index,n,steps,peak", "0,1,0,", "1,2,,2"]);
  });

  test("CsvWriter: anything else stands under output", () => {
    expect(csvOf([1.5, "a", null, true, [1, { b: 2 }]])).toEqual(["index,output", "0,1.5", "1,a", "2,", "3,true", '4,"[1,{""b"":2}]"']);
  });

  test("CsvWriter: objects and scalars together keep both", () => {
    expect(csvOf([{ n: 1 }, 7])).toEqual(["index,output,n", "0,,1", "1,7,"]);
  });

  test("CsvWriter: separators, quotes and line breaks are quoted as RFC 4180 says", () => {
    const writer = new CsvWriter({ failures: false });
    writer.output(0, encodeValue({ text: 'a,"b"\r\nc' }));
    writer.end();
    expect(new TextDecoder().decode(writer.take())).toBe('index,text\r\n0,"a,""b""\r\nc"\r\n');
  });

  test.each(["a\nb", "a\rb", "a\n", "\r"])("CsvWriter: a line break of any kind is quoted, not only the one that ends rows: %j", (text) => {
    const writer = new CsvWriter({ failures: true });
    writer.output(0, encodeValue({ [`n${text}`]: `x${text}` }));
    writer.failure(1, { message: `no${text}`, stack: `at${text}at` });
    writer.end();
    expect(new TextDecoder().decode(writer.take())).toBe(`index,"n${text}",error,stack\r\n0,"x${text}",,\r\n1,,"no${text}","at${text}at"\r\n`);
  });

  test("CsvWriter: a text that a spreadsheet would run gets an apostrophe, a number never", () => {
    expect(csvOf(["=1+1", "+x", "-x", "@x", "\tx", -5, -5n])).toEqual([
      "index,output", "0,'=1+1", "1,'+x", "2,'-x", "3,'@x", "4,'\tx", "5,-5", "6,-5",
    ]);
  });

  test("CsvWriter: a hostile field name is no formula either", () => {
    expect(csvOf([{ "=cmd()": 1 }])[0]).toBe("index,'=cmd()");
  });

  test("CsvWriter: fields that show up after the header are kept as JSON under more", () => {
    const outputs: unknown[] = Array.from({ length: 1_000 }, (_, n) => ({ n }));
    outputs.push({ n: 1_000, late: "x" }, 5);
    const lines = csvOf(outputs);
    expect(lines[0]).toBe("index,n,more");
    expect(lines[1]).toBe("0,0,");
    expect(lines.slice(1_001)).toEqual(['1000,1000,"{""late"":""x""}"', "1001,,5"]);
  });

  test("CsvWriter: exactly as many rows as the header is made of need no column for more", () => {
    expect(csvOf(Array.from({ length: 1_000 }, (_, n) => ({ n })))[0]).toBe("index,n");
  });

  test("CsvWriter: failures have columns of their own", () => {
    expect(csvOf([{ n: 1 }, null], { failures: true, failed: [1] })).toEqual(["index,n,error,stack", "0,1,,", "1,,no 1,at x"]);
  });

  test("CsvWriter: a field that is called like one of the writer's columns is told apart", () => {
    expect(csvOf([{ index: 9, error: "e" }], { failures: true })).toEqual(["index,output.index,output.error,error,stack", "0,9,e,,"]);
  });

  test("CsvWriter: nothing but a header without results", () => {
    expect(csvOf([])).toEqual(["index,output"]);
  });
});
