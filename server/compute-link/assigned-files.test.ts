import { expect, test } from "vitest";
import { blobIdSchema, computeServerIdSchema } from "../../protocol/ids.ts";
import { AssignedFiles } from "./assigned-files.ts";

const [one, two] = [computeServerIdSchema.parse("server-0001"), computeServerIdSchema.parse("server-0002")];
const blob = (n: number) => blobIdSchema.parse(n.toString(16).padStart(64, "0"));

test("AssignedFiles.has: what this Compute Server was assigned, until its lease is over", () => {
  const files = new AssignedFiles();
  files.assigned(one, [blob(1), blob(2)]);
  files.assigned(two, [blob(3)]);
  expect([1, 2, 3].map((n) => files.has(one, blob(n)))).toEqual([true, true, false]);
  expect([1, 2, 3].map((n) => files.has(two, blob(n)))).toEqual([false, false, true]);
  files.forget(one);
  expect(files.has(one, blob(1))).toBe(false);
});

test("AssignedFiles.assigned: of very many the latest are kept (R9)", () => {
  const files = new AssignedFiles();
  files.assigned(one, [blob(1), blob(2)]);
  files.assigned(one, [blob(1)]);
  for (let n = 3; n <= 65_537; n++) files.assigned(one, [blob(n)]);
  expect([1, 2, 65_537].map((n) => files.has(one, blob(n)))).toEqual([true, false, true]);
});
