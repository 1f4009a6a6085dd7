import { afterEach, expect, test } from "vitest";
import { problemSchema } from "../../protocol/http/problem.ts";
import { submittedSchema } from "../../protocol/http/submission.ts";
import { TestHub } from "./test-hub.ts";

let hub: TestHub;
afterEach(async () => { await hub.stop(); });

test("requestLimit: an address that asks too much is told when to come again, under the limit's name (R9)", async () => {
  hub = await TestHub.start({}, { requestsPerMinute: 2 });
  const first = await hub.ask("/api/grid");
  expect(first.status).toBe(200);
  expect(first.headers).toMatchObject({ "ratelimit-policy": '"requests";q=2;w=60', "ratelimit": expect.stringMatching(/^"requests";r=1;t=\d+$/) });
  expect((await hub.ask("/healthz")).status).toBe(200);
  const refused = await hub.ask("/api/grid");
  expect(refused.status).toBe(429);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  expect(refused.headers["ratelimit"]).toMatch(/^"requests";r=0;/);
  expect(problemSchema.parse(refused.json())).toMatchObject({ limit: "requestsPerMinute", detail: expect.stringContaining("2 requests a minute") });
});

test("requestLimit: submissions have a rate of their own, jobs and Executables together", async () => {
  hub = await TestHub.start({}, { submissionsPerMinute: 1 });
  await hub.submit([1]);
  const refused = await hub.post("/api/jobs", {});
  expect(refused.status).toBe(429);
  expect(problemSchema.parse(refused.json()).detail).toContain("One job can hold many inputs");
  expect((await hub.ask("/api/jobs")).status).toBe(200);
});

test("streamsPerAddress: a further stream of events is refused until another is closed", async () => {
  hub = await TestHub.start({}, { streamsPerAddress: 1 });
  const jobId = await hub.submit([1]);
  const reading = new AbortController();
  const stream = await fetch(`${hub.url}/api/jobs/${jobId}/events`, { signal: reading.signal });
  expect(stream.status).toBe(200);
  const refused = await hub.ask(`/api/jobs/${jobId}/events`);
  expect([refused.status, problemSchema.parse(refused.json()).limit]).toEqual([429, "streamsPerAddress"]);
  reading.abort();
  await expect.poll(async () => {
    const again = new AbortController();
    const { status } = await fetch(`${hub.url}/api/jobs/${jobId}/events`, { signal: again.signal });
    again.abort();
    return status;
  }).toBe(200);
});

test("activeJobsPerOwner: one job more is refused in words, the retry of one that was taken is answered, and there is room when one ends", async () => {
  hub = await TestHub.start({}, { activeJobsPerOwner: 1 });
  const submission = { name: "first", executable: { source: "export default (n) => n" }, inputs: [1, 2] };
  const key = { "idempotency-key": "the same" };
  const first = submittedSchema.parse((await hub.post("/api/jobs", submission, key)).json());
  const refused = await hub.post("/api/jobs", { ...submission, name: "second" });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  expect(problemSchema.parse(refused.json())).toMatchObject({ limit: "activeJobsPerOwner", detail: expect.stringContaining("Wait for one, or cancel one") });
  const again = await hub.post("/api/jobs", submission, key);
  expect([again.status, submittedSchema.parse(again.json()).jobId]).toEqual([202, first.jobId]);
  expect((await hub.post("/api/jobs", { ...submission, name: "another" }, key)).status).toBe(409);
  expect((await hub.ask(`/api/jobs/${first.jobId}/cancel`, { method: "POST" })).status).toBe(200);
  expect((await hub.post("/api/jobs", { ...submission, name: "second" })).status).toBe(202);
});

test("storedBytesPerOwner: past it submissions are answered 507, and there is room when a job is removed", async () => {
  hub = await TestHub.start({}, { storedBytesPerOwner: 3_000 });
  const jobId = await hub.submit(["x".repeat(2_000)]);
  const refused = await hub.post("/api/jobs", { name: "more", executable: { source: "export default (n) => n" }, inputs: ["x".repeat(2_000)] });
  expect([refused.status, problemSchema.parse(refused.json()).limit]).toEqual([507, "storedBytesPerOwner"]);
  expect((await hub.ask(`/api/jobs/${jobId}`, { method: "DELETE" })).status).toBe(204);
  await hub.submit(["x".repeat(2_000)]);
});
