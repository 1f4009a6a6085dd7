import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { LINK_LIMITS } from "../limits.ts";
import { FrameTurns, type FrameSource } from "./frame-turns.ts";

/** A link with so many frames, each of which takes this long. */
function source(turns: FrameTurns, name: string, frames: number, frameMs: number, log: string[]): FrameSource {
  let left = frames;
  const self: FrameSource = {
    takeNext() {
      const endsAtMs = performance.now() + frameMs;
      while (performance.now() < endsAtMs) { /* works */ }
      log.push(name);
      left -= 1;
      // As a link does: when what the frame has set going is done.
      void Promise.resolve().then(() => { if (left > 0) turns.add(self); });
    },
  };
  return self;
}

test("FrameTurns: links have their turn one after the other, however many frames one has", async () => {
  const turns = new FrameTurns();
  const log: string[] = [];
  for (const name of ["a", "b", "c"]) turns.add(source(turns, name, name === "a" ? 100 : 3, 0, log));
  await expect.poll(() => log.length).toBe(106);
  expect(log.slice(0, 9).join("")).toBe("abcabcabc");
});

test("FrameTurns: the event loop goes round while frames wait, with little more than a turn's frames between (R9)", async () => {
  const turns = new FrameTurns();
  const log: string[] = [];
  const frameMs = LINK_LIMITS.turnMs / 4;
  for (let link = 0; link < 20; link++) turns.add(source(turns, "x", 10, frameMs, log));
  let most = 0;
  let rounds = 0;
  for (let seen = 0; log.length < 200; rounds++) {
    await nextTurn();
    most = Math.max(most, log.length - seen);
    seen = log.length;
  }
  // Each frame takes a quarter of a turn at least.
  expect(most).toBeLessThanOrEqual(5);
  expect(rounds).toBeGreaterThan(200 / 5);
});

test("FrameTurns: what comes when all is done is handled, too", async () => {
  const turns = new FrameTurns();
  const log: string[] = [];
  for (const name of ["first", "second"]) {
    turns.add(source(turns, name, 1, 0, log));
    await expect.poll(() => log.at(-1)).toBe(name);
  }
});
