import { expect, test } from "vitest";
import { PackedValues } from "../../protocol/packed-values.ts";
import { decodeValue } from "../../protocol/value.ts";
import { packIntegers } from "./packed-integers.ts";

test("packIntegers: the inputs of every index, as any reader of packed values sees them", () => {
  const packed = new PackedValues(packIntegers([[0, 2], [5, 6], [70_000, 70_001]], { start: 10, step: 3 }));
  expect(Array.from({ length: packed.count }, (_, i) => decodeValue(packed.at(i)))).toEqual([10, 13, 25, 210_010]);
});
