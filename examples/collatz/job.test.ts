import { expect, test } from "vitest";
import collatz, { inputs } from "./job.ts";

test("collatz: the known ways of 1, 27 and 837 799", () => {
  expect(collatz(1)).toEqual({ n: 1, steps: 0, highest: 1 });
  expect(collatz(27)).toEqual({ n: 27, steps: 111, highest: 9232 });
  expect(collatz(837_799)).toEqual({ n: 837_799, steps: 524, highest: 2_974_984_576 });
});

test("collatz: of a block, the smallest number with the longest way", () => {
  expect(collatz({ from: 1, to: 1000 })).toEqual({ n: 871, steps: 178, highest: 190_996 });
  expect(collatz({ from: 12, to: 14 })).toMatchObject({ n: 12, steps: 9 });
});

test("inputs: blocks that touch, from the first number to the last", () => {
  expect([...inputs({ from: 1, to: 10, block: 4 })]).toEqual([{ from: 1, to: 5 }, { from: 5, to: 9 }, { from: 9, to: 10 }]);
});

test.each([0, -5, 1.5, 2 ** 53])("collatz: %d is refused", (n) => {
  expect(() => collatz(n)).toThrow(RangeError);
});
