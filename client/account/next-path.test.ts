import fc from "fast-check";
import { expect, test } from "vitest";
import { safeNext, signInPath } from "./next-path.ts";

const ORIGIN = "https://hub.example";

test("safeNext: a path of the hub is kept, with its query and its fragment", () => {
  expect(safeNext("/jobs/a-1?key=k#log", ORIGIN)).toBe("/jobs/a-1?key=k#log");
});

test.each([
  null, "", "jobs", "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example",
  "/.//evil.example", "/x/..//evil.example", "javascript:alert(1)", "data:text/html,x", "https:evil.example", "/sign-in?next=/jobs", "/sign-up", "/invitation#code",
])("safeNext: %j leads to the first page", (text) => {
  expect(safeNext(text, ORIGIN)).toBe("/");
});

test("safeNext: whatever it is given, a browser stays on the hub", () => {
  const parts = fc.array(fc.constantFrom("/", "\\", ".", "..", "evil.example", ":", "@", "?", "#", "\t", "\n", " ", "%2f", "http:", "x"), { maxLength: 8 });
  fc.assert(fc.property(fc.oneof(fc.string(), parts.map((some) => some.join(""))), (text) => {
    const next = safeNext(text, ORIGIN);
    expect(new URL(next, ORIGIN).origin).toBe(ORIGIN);
    expect(next).toMatch(/^\/(?![/\\])/);
  }));
});

test("signInPath: leads back to where one was, with the query; from the first page to nowhere else", () => {
  const path = signInPath({ pathname: "/jobs", search: "?state=failed", hash: "" });
  expect(path).toBe("/sign-in?next=%2Fjobs%3Fstate%3Dfailed");
  expect(safeNext(new URL(path, ORIGIN).searchParams.get("next"), ORIGIN)).toBe("/jobs?state=failed");
  expect(signInPath({ pathname: "/", search: "", hash: "" })).toBe("/sign-in");
  expect(signInPath({ pathname: "/sign-in", search: "?next=/jobs", hash: "" })).toBe("/sign-in");
});
