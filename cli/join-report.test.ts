import { expect, test } from "vitest";
import { createJoinReport } from "./join-report.ts";

function linesFor(states: readonly unknown[]): string[] {
  const printed: string[] = [];
  const report = createJoinReport((line) => printed.push(line.replace(/^\d\d:\d\d:\d\d {2}/, "")));
  for (const state of states) report.line(typeof state === "string" ? state : JSON.stringify(state));
  return printed;
}

const idle = { phase: "registered", notice: null, slots: 2, running: [], tasksDone: 0, tasksFailed: 0 };
const task = { jobName: "collatz", owner: "ada" };

test("createJoinReport: one line a change, none for what only counts on", () => {
  expect(linesFor([
    { ...idle, phase: "connecting" }, idle, { ...idle, running: [task] }, { ...idle, running: [task, task], tasksDone: 500 }, { ...idle, running: [task], tasksDone: 900 },
    { ...idle, tasksDone: 1000, tasksFailed: 1 },
  ])).toEqual([
    "connecting (0 tasks done)",
    "registered, 2 slots wait for work (0 tasks done)",
    "registered, runs collatz for ada (0 tasks done)",
    "registered, 2 slots wait for work (1000 tasks done, 1 failed)",
  ]);
});

test("createJoinReport: a notice is told, and a line that is no state is shown as it is", () => {
  expect(linesFor([{ ...idle, phase: "refused", notice: "The hub is of another version" }, "Failed to load resource"])).toEqual([
    "refused: The hub is of another version (0 tasks done)", "Failed to load resource",
  ]);
});
