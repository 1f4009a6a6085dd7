import { expect, test } from "vitest";
import { hubPath } from "./hub-path.ts";

test.each(["/", "/jobs", "/jobs/abc?key=x&y=%2F%2F#part", "/results/a-b_c", "/x?next=https://evil.example"])("hubPath: %s is a path of this hub", (path) => {
  expect(hubPath(path)).toBe(path);
});

test.each([
  undefined, "", "jobs", "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "/%0d%0aset-cookie:x\r\n",
  "javascript:alert(1)", "/..//evil.example", "/.//evil.example", "/a/..//evil.example", "http:evil.example", "@evil.example", " /jobs", "/é", `/${"x".repeat(3_000)}`,
])("hubPath: %j leads nowhere else", (wanted) => {
  expect(hubPath(wanted)).toBe("/");
});
