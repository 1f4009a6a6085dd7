import { expect, test } from "vitest";
import { exampleJob } from "../jobs/example-job.test-data.ts";
import { downloadName, picturePath } from "./job-paths.ts";

test("picturePath: changes when results came or the job ended, and only then", () => {
  const job = exampleJob();
  const later = exampleJob({ tasks: { ...job.tasks, done: job.tasks.done + 1 } });
  expect(picturePath(job)).toBe(picturePath(exampleJob({ ratePerSecond: 1 })));
  expect(picturePath(later)).not.toBe(picturePath(job));
  expect(picturePath(exampleJob({ state: "completed" }))).not.toBe(picturePath(job));
});

test("downloadName: holds no path and is never empty", () => {
  expect(downloadName({ jobId: "job-1", name: "My ../../ Räder: 7" }, "png")).toBe("my-räder-7.png");
  expect(downloadName({ jobId: "job-1", name: "…" }, "csv")).toBe("job-1.csv");
});
