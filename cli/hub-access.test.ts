import { expect, test } from "vitest";
import { parseJobLink } from "./hub-access.ts";

test("parseJobLink: the link to a job or its result, with its key", () => {
  expect(parseJobLink("https://hub.example/results/job-12345678?key=a%26b#x")).toEqual({ origin: "https://hub.example", jobId: "job-12345678", key: "a&b" });
  expect(parseJobLink("http://127.0.0.1:8080/jobs/job-12345678")).toEqual({ origin: "http://127.0.0.1:8080", jobId: "job-12345678", key: undefined });
});

test.each(["job-12345678", "https://hub.example/", "https://hub.example/jobs/a/b", "results/job-12345678"])("parseJobLink: %s is no link to a job", (text) => {
  expect(parseJobLink(text)).toBeUndefined();
});
