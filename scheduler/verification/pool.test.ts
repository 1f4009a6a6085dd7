import { describe, expect, it } from "vitest";
import { Pool } from "./pool.ts";
import type { Tally } from "./tally.ts";

const TRUST = { saboteurShare: 0.35, errorRate: 0.001 };
/** f/(1 − f) = .54 lies are to be expected among tasks where none was contradicted: of 1 000 tasks one may be wrong. */
const TASKS = 1_000;
const VOLUNTEERS = 10;
const tally: Tally = { index: 0, votes: [], window: null, isConfirmed: false, asked: [], abstained: [], engineName: "" };

function pool(tasks: number, answers: number, volunteers = VOLUNTEERS): Pool {
  const made = new Pool(TRUST);
  for (let n = 1; n <= answers; n++) for (let task = 0; task < tasks; task++) made.answered(n, `volunteer-${task % volunteers}`);
  return made;
}

describe("Pool", () => {
  it("isEnough: two answers each are enough where all tasks have them and none was a lie, one is not", () => {
    expect(pool(TASKS, 2).isEnough(2)).toBe(true);
    expect(pool(TASKS, 1).isEnough(1)).toBe(false);
    const behind = pool(TASKS, 2);
    behind.answered(1, "late");
    expect(behind.isEnough(2)).toBe(false);
    expect(behind.mayBeEnough(2)).toBe(true);
    behind.answered(2, "late");
    expect(behind.isEnough(2)).toBe(true);
  });

  it("isEnough: where the second answer contradicted a lie, others that it did not are to be expected, and a third is asked for", () => {
    const lied = pool(TASKS, 2);
    lied.lied(1);
    expect(lied.isEnough(2)).toBe(false);
    expect(lied.mayBeEnough(2)).toBe(false);
    for (let task = 0; task < TASKS; task++) lied.answered(3, `volunteer-${(task + 1) % VOLUNTEERS}`);
    expect(lied.isEnough(3)).toBe(true);
  });

  it("isEnough: not of too few tasks, nor of too few volunteers, nor while there is a quarrel", () => {
    expect(pool(TASKS / 2, 2).isEnough(2)).toBe(false);
    expect(pool(TASKS / 2, 2).mayBeEnough(3)).toBe(false);
    expect(pool(TASKS, 2, 6).isEnough(2)).toBe(false);
    expect(pool(TASKS, 2, 7).isEnough(2)).toBe(true);
    const contested = pool(TASKS, 2);
    contested.note(tally, true);
    expect(contested.isEnough(2)).toBe(false);
    contested.note(tally, false);
    expect(contested.isEnough(2)).toBe(true);
  });

  it("isEnough: holds for all that were there, though each that is accepted leaves fewer, and not for what comes then", () => {
    const all = pool(TASKS, 2);
    expect(all.isEnough(2)).toBe(true);
    for (let task = 0; task < TASKS - 1; task++) {
      all.left(tally, 2);
      expect(all.isEnough(2)).toBe(true);
    }
    all.answered(1, "next");
    all.answered(2, "next");
    expect(all.isEnough(2)).toBe(false);
  });

  it("takeRound: tells once that all tasks have one more answer", () => {
    const two = pool(TASKS, 2);
    expect([two.takeRound(), two.takeRound()]).toEqual([true, false]);
    two.withdrawn(2);
    expect(two.takeRound()).toBe(false);
    two.answered(2, "again");
    expect(two.takeRound()).toBe(true);
  });
});
