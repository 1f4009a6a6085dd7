import { expect, test } from "vitest";
import { inputsSchema } from "../../protocol/http/submission.ts";
import { packValues, PackedValues } from "../../protocol/packed-values.ts";
import { decodeValue, encodeValue } from "../../protocol/value.ts";
import { countInputs, encodedInputAt, inputAt, previewInputs, submittedInputs, type JobInputs } from "./job-inputs.ts";

const given = [{ x: 0, bytes: new Uint8Array([1, 2]) }, 7n, "seven"];
const module: JobInputs = { kind: "module", packed: new PackedValues(packValues(given.map(encodeValue))) };
const range: JobInputs = { kind: "range", start: 10, end: 0, step: -4, count: 3 };
const data: JobInputs = { kind: "data", values: [{ $bigint: "7" }, null, [1]] };

test("countInputs, inputAt: every kind knows its inputs by index", () => {
  expect([module, range, data].map(countInputs)).toEqual([3, 3, 3]);
  expect(inputAt(module, 1)).toEqual({ $bigint: "7" });
  expect(inputAt(range, 2)).toBe(2);
  expect(inputAt(data, 1)).toBeNull();
  expect(() => inputAt(range, 3)).toThrow("Cannot take input 3: there are 3");
});

test("encodedInputAt: a slot gets the value, not its JSON", () => {
  expect(decodeValue(encodedInputAt(module, 0))).toEqual(given[0]);
  expect(decodeValue(encodedInputAt(data, 0))).toBe(7n);
});

test("submittedInputs: what the hub takes, with all of them", async () => {
  for (const inputs of [module, range, data]) {
    const submitted = await submittedInputs(inputs);
    expect(inputsSchema.safeParse(submitted).success).toBe(true);
    if ("ndjson" in submitted) expect(submitted.ndjson.split("\n").map((line) => JSON.parse(line))).toEqual([0, 1, 2].map((index) => inputAt(inputs, index)));
  }
});

test("previewInputs: the first ones, a line each", () => {
  expect(previewInputs(data, 2)).toEqual(['{"$bigint":"7"}', "null"]);
});
