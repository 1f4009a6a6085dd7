import { expect, test } from "vitest";
import { createJoinReport } from "./join-report.ts";

function linesFor(states: readonly unknown[]): string[] {
  const printed: string[] = [];
  const report = createJoinReport((line) => printed.push(line.replace(/^\d\d:\d\d:\d\d {2}/, "")));
  for (const state of states) report.line(typeof state === "string" ? state : JSON.stringify(state));
  return printed;
}

const idle = { type: "state", phase: "registered", notice: null, signInNeeded: false, slots: 2, running: 0, tasksDone: 0, tasksFailed: 0 };

test("createJoinReport: one line a change, none for what only counts on", () => {
  expect(linesFor([
    { ...idle, phase: "connecting" }, idle, { ...idle, running: 1 }, { ...idle, running: 2, tasksDone: 500 }, { ...idle, running: 1, tasksDone: 900 },
    { ...idle, tasksDone: 1000, tasksFailed: 1 },
  ])).toEqual([
    "connecting (0 tasks done)",
    "registered, 2 slots wait for work (0 tasks done)",
    "registered, computes (0 tasks done)",
    "registered, 2 slots wait for work (1000 tasks done, 1 failed)",
  ]);
});

test("createJoinReport: a notice is told, and a line that is no state is shown as it is", () => {
  expect(linesFor([{ ...idle, phase: "refused", notice: "The hub is of another version" }, "Failed to load resource", { type: "error", message: "Cannot ask" }])).toEqual([
    "refused: The hub is of another version (0 tasks done)", "Failed to load resource", "Cannot ask",
  ]);
});

test("createJoinReport: a hub that takes accounts' Compute Servers alone is told apart, because to try again is pointless", () => {
  const report = createJoinReport(() => undefined);
  expect(report.line(JSON.stringify({ ...idle, phase: "refused", notice: "try later" }))).toBe(true);
  expect(report.line(JSON.stringify({ ...idle, phase: "refused", notice: "Sign in", signInNeeded: true }))).toBe(false);
});
