import { expect, test } from "vitest";
import { ByteShares } from "./byte-shares.ts";

test("ByteShares.take: what does not fit beside others is refused, by whose limit it passes, until they give back (R9)", () => {
  const shares = new ByteShares(100, 60);
  const [first, second] = [shares.take("192.0.2.1", 50), shares.take("192.0.2.2", 40)];
  expect([typeof first, typeof second]).toEqual(["function", "function"]);
  expect(shares.take("192.0.2.3", 11)).toBe("all");
  expect(shares.take("192.0.2.1", 10)).toBeTypeOf("function");
  if (typeof second === "function") second();
  expect(shares.take("192.0.2.1", 1)).toBe("address");
  expect(shares.take("192.0.2.3", 40)).toBeTypeOf("function");
});

test("ByteShares.take: one that is alone fits, however large; this machine's own addresses have no share", () => {
  const alone = new ByteShares(100, 60).take("192.0.2.1", 1_000);
  expect(alone).toBeTypeOf("function");
  const shares = new ByteShares(100, 60);
  expect(shares.take("127.0.0.1", 50)).toBeTypeOf("function");
  expect(shares.take("127.0.0.1", 50)).toBeTypeOf("function");
});
