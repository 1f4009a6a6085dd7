import { expect, test } from "vitest";
import { keyIn } from "./job-key.ts";

test("keyIn: the key is for the job of this very page, and for no other", () => {
  expect(keyIn({ pathname: "/jobs/job-1", search: "?key=a%26b" }, "job-1")).toBe("a&b");
  expect(keyIn({ pathname: "/results/job-1/", search: "?x=1&key=k" }, "job-1")).toBe("k");
  expect(keyIn({ pathname: "/jobs/job-1", search: "?key=k" }, "job-2")).toBeNull();
  expect(keyIn({ pathname: "/jobs/job-1", search: "" }, "job-1")).toBeNull();
  expect(keyIn({ pathname: "/gallery", search: "?key=k" }, "job-1")).toBeNull();
});
