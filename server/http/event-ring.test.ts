import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventRing } from "./event-ring.ts";

const idOf = (text: string) => /^id: (.*)$/m.exec(text)?.[1] ?? "";

describe("EventRing", () => {
  test("push: writes one event as the wire wants it", () => {
    const ring = new EventRing("e", 10, 1_000);
    expect(ring.push("log", { index: 1, line: "a\nb" })).toBe('id: e-1\nevent: log\ndata: {"index":1,"line":"a\\nb"}\n\n');
    expect(ring.lastId).toBe("e-1");
  });

  test("since: what came after, or undefined where that is not known any more", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 70 }), (pushed, kept, seen) => {
      const ring = new EventRing("e", kept, 1_000_000);
      const texts = Array.from({ length: pushed }, (_, i) => ring.push("log", { i }));
      const missed = ring.since(`e-${seen}`);
      if (seen > pushed || seen < pushed - kept) expect(missed).toBeUndefined();
      else expect(missed).toEqual(texts.slice(seen));
    }));
  });

  test.each(["other-1", "e-", "e-x", "", "e-99999999999999999999"])("since: %j is of another ring, or none", (id) => {
    const ring = new EventRing("e", 10, 1_000);
    ring.push("log", {});
    expect(ring.since(id)).toBeUndefined();
  });

  test("push: keeps within its characters too", () => {
    const ring = new EventRing("e", 1_000, 500);
    const texts = Array.from({ length: 20 }, () => ring.push("log", { line: "x".repeat(60) }));
    expect(ring.since("e-0")).toBeUndefined();
    expect(ring.since(idOf(texts[17] ?? ""))).toEqual(texts.slice(18));
  });
});
