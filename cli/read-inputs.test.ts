import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readInputs } from "./read-inputs.ts";

let folder: string;
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), "manyhands-inputs-")); });
afterAll(() => rm(folder, { recursive: true }));

async function read(name: string, text: string): Promise<unknown[]> {
  const file = name === "-" ? name : join(folder, name);
  if (name !== "-") await writeFile(file, text);
  const inputs: unknown[] = [];
  for await (const input of readInputs(file, Readable.from([text]))) inputs.push(input);
  return inputs;
}

test("readInputs: NDJSON from a file or from standard input, tags read, empty lines left out", async () => {
  const text = '1\n\n{"a":[true]}\r\n{"$bigint":"7"}';
  expect(await read("list.ndjson", text)).toEqual([1, { a: [true] }, 7n]);
  expect(await read("-", text)).toEqual([1, { a: [true] }, 7n]);
});

test("readInputs: a .json file is an array of inputs, a .txt file a text a line", async () => {
  expect(await read("list.json", '[1, "two"]')).toEqual([1, "two"]);
  expect(await read("list.txt", "one 1\n\ntwo\n")).toEqual(["one 1", "", "two"]);
});

test("readInputs: what cannot be read is told with its line or its file", async () => {
  await expect(read("bad.ndjson", "1\n2\n{3\n")).rejects.toThrow(/^Cannot read inputs: line 3 of .*bad\.ndjson is not JSON/);
  await expect(read("object.json", "{}")).rejects.toThrow("it holds no JSON array");
  const nowhere = readInputs(join(folder, "nowhere.txt"), Readable.from([]))[Symbol.asyncIterator]();
  await expect(nowhere.next()).rejects.toThrow(/^Cannot read inputs from .*nowhere\.txt: ENOENT/);
});
