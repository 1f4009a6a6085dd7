import { expect, test } from "vitest";
import { ByteBudget } from "./byte-budget.ts";

test("ByteBudget.spend: never more bytes at once than the limit, unless one alone is larger; first come, first served", async () => {
  const budget = new ByteBudget(10);
  let used = 0;
  const begun: number[] = [];
  const tops: number[] = [];
  const sizes = [4, 6, 5, 25, 1, 9, 10, 2];
  await Promise.all(sizes.map((bytes, i) => budget.spend(bytes, async () => {
    used += bytes;
    begun.push(i);
    tops.push(used);
    await Promise.resolve();
    used -= bytes;
  })));
  expect(begun).toEqual(sizes.map((_, i) => i));
  expect(tops.filter((top) => top > 10)).toEqual([25]);
  expect(used).toBe(0);
});

test("ByteBudget.spend: a task that throws gives its bytes back", async () => {
  const budget = new ByteBudget(10);
  await expect(budget.spend(10, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(await budget.spend(10, () => Promise.resolve("next"))).toBe("next");
});
