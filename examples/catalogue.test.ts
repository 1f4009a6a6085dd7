import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toSubmission } from "../sdk/submit.ts";
import { submissionSchema } from "../protocol/http/submission.ts";
import { EXAMPLES } from "./catalogue.ts";

test("EXAMPLES: every folder of examples is offered", async () => {
  const folders = (await readdir(import.meta.dirname, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect(EXAMPLES.map(({ id }) => id).toSorted()).toEqual(folders.toSorted());
});

test.each(EXAMPLES)("EXAMPLES: $id makes a submission that a hub takes, and imports nothing", async ({ id, args, view }) => {
  const submission = await toSubmission({ file: join(import.meta.dirname, id, "job.ts"), args });
  expect(submissionSchema.safeParse(submission).error).toBeUndefined();
  expect(submission.name).toBe(id);
  expect(submission.view?.kind).toBe(view);
  expect("source" in submission.executable && submission.executable.source).not.toMatch(/^\s*import\b/m);
});

test.each(EXAMPLES.filter(({ view }) => view !== "table"))("EXAMPLES: $id runs by the module's own defaults, which are those that are offered", async ({ id, args }) => {
  const file = join(import.meta.dirname, id, "job.ts");
  const { inputs, view } = await toSubmission({ file });
  const offered = await toSubmission({ file, args });
  expect([inputs, view]).toEqual([offered.inputs, offered.view]);
});
