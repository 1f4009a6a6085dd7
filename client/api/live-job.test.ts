import { expect, test } from "vitest";
import { exampleJob } from "../jobs/example-job.test-data.ts";
import { foldJobEvent, LOG_LINES, parseJobEvent, SILENT_JOB } from "./live-job.ts";

test("parseJobEvent: the event's name is its type", () => {
  expect(parseJobEvent("results", '{"ranges":[[0,5]]}')).toEqual({ type: "results", ranges: [[0, 5]] });
  expect(parseJobEvent("job", JSON.stringify({ job: exampleJob() }))).toEqual({ type: "job", job: exampleJob() });
});

test.each([["log", "{"], ["log", "null"], ["log", "{}"], ["unheard-of", "{}"], ["job", '{"job":{}}']])(
  "parseJobEvent: %s %s is a stated error (R9)",
  (type, data) => {
    expect(() => parseJobEvent(type, data)).toThrow(/^Cannot read the job's event/);
  },
);

test("foldJobEvent: the newest job and the newest ranges stand", () => {
  const job = exampleJob({ state: "running" });
  const later = exampleJob({ state: "completed" });
  let live = foldJobEvent(SILENT_JOB, { type: "job", job });
  live = foldJobEvent(live, { type: "results", ranges: [[0, 5], [9, 12]] });
  live = foldJobEvent(live, { type: "job", job: later });
  live = foldJobEvent(live, { type: "results", ranges: [] });
  expect(live).toEqual({ job: later, log: [], latest: [9, 12], problem: null });
});

test("foldJobEvent: keeps the newest log lines and no more, each told apart", () => {
  let live = SILENT_JOB;
  for (let i = 0; i < LOG_LINES + 50; i++) live = foldJobEvent(live, { type: "log", index: i, line: "same" });
  expect(live.log).toHaveLength(LOG_LINES);
  expect(live.log.at(-1)?.index).toBe(LOG_LINES + 49);
  expect(new Set(live.log.map(({ number }) => number)).size).toBe(LOG_LINES);
});
