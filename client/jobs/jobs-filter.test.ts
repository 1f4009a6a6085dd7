import { expect, test } from "vitest";
import { jobsFilter } from "./jobs-filter.ts";

test("jobsFilter: reads state, words and cursor from the address", () => {
  expect(jobsFilter(new URLSearchParams("state=failed&q=%20prime%20&cursor=c1"))).toEqual({ limit: 25, state: "failed", q: "prime", cursor: "c1" });
});

test("jobsFilter: what means nothing is left out", () => {
  expect(jobsFilter(new URLSearchParams("state=melted&q=+&cursor="))).toEqual({ limit: 25 });
});
