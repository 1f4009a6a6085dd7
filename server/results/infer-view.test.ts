import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestArchive, type TestArchive } from "./archive-for-tests.ts";
import { inferView } from "./infer-view.ts";

let disk: TestArchive;
beforeEach(async () => { disk = await openTestArchive(); });
afterEach(async () => { await disk.close(); });

test.each([
  ["one number is a value", [42], 1, "value"],
  ["many numbers are a table", [1, 2, 3], 3, "table"],
  ["objects are a table", [{ a: 1 }, { a: 2 }], 2, "table"],
  ["strings are text", ["a", "b"], 2, "text"],
  ["bytes are files", [new Uint8Array(3)], 1, "files"],
  ["nothing yet is a table", [], 5, "table"],
] as const)("inferView: %s", async (_, outputs, tasks, kind) => {
  const job = await disk.job("job-view-1", tasks);
  if (outputs.length > 0) await disk.outputs(job.jobId, 0, outputs);
  expect(await inferView(disk.archive, job)).toBe(kind);
});

test("inferView: the view that the job declares goes before what its outputs suggest", async () => {
  const job = await disk.job("job-view-2", 1, { view: { kind: "table" } });
  await disk.outputs(job.jobId, 0, ["text"]);
  expect(await inferView(disk.archive, job)).toBe("table");
});
