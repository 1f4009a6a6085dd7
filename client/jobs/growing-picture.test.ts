import { expect, test } from "vitest";
import { exampleJob } from "./example-job.test-data.ts";
import { growingPicturePath } from "./growing-picture.ts";

function paths(total: number): string[] {
  return Array.from({ length: total + 1 }, (_, done) => growingPicturePath(exampleJob({ tasks: { total, done, pending: total - done, running: 0, failed: 0 } })));
}

test("growingPicturePath: few paths however many tasks, the whole picture with its own", () => {
  const all = paths(10_001);
  expect(new Set(all).size).toBeLessThanOrEqual(52);
  expect(all.filter((path) => path === all.at(-1))).toHaveLength(1);
});

test("growingPicturePath: of a few tasks each one counts, and so does the end of the job", () => {
  expect(new Set(paths(7)).size).toBe(8);
  expect(growingPicturePath(exampleJob({ state: "failed" }))).not.toBe(growingPicturePath(exampleJob()));
});
