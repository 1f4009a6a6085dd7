import { expect, test } from "vitest";
import { parseCompare, parseVerification, verificationOptions } from "./verification-flags.ts";

test("parseVerification: reads the three policies", () => {
  expect(parseVerification("first")).toBe("first");
  expect(parseVerification("quorum:3")).toEqual({ quorum: 3 });
  expect(parseVerification("credibility:0.01")).toEqual({ credibility: { errorRate: 0.01 } });
});

test.each(["", "quorum", "quorum:", "quorum:1", "quorum:2.5", "quorum:21", "quorum:3:4", "credibility", "credibility:0", "credibility:0.6", "credibility:x", "last", "first:1"])(
  "parseVerification: %s is refused with what it could be", (text) => {
    expect(() => parseVerification(text)).toThrow(/^It is first, quorum:N with N from 2 to 20, or credibility:RATE/);
  });

test("parseCompare: reads exact, set and tolerances", () => {
  expect(parseCompare("exact")).toBe("exact");
  expect(parseCompare("set")).toBe("set");
  expect(parseCompare("relative=1e-9")).toEqual({ relative: 1e-9 });
  expect(parseCompare("absolute=0.5,relative=0.01")).toEqual({ absolute: 0.5, relative: 0.01 });
});

test.each(["", "close", "relative", "relative=", "relative=x", "relative=2", "absolute=-1", "relative=1e-9,", "relative=1=2", "absolute=Infinity"])(
  "parseCompare: %s is refused with what it could be", (text) => {
    expect(() => parseCompare(text)).toThrow(/^It is exact, set, or how far numbers may differ/);
  });

test("verificationOptions: what is not said is left to the hub", () => {
  expect(verificationOptions({ sameEngine: false })).toEqual({});
  expect(verificationOptions({ verify: { quorum: 2 }, compare: "set", sameEngine: true })).toEqual({ verification: { quorum: 2 }, compare: "set", engines: "same" });
});
