import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobListSchema, jobSchema, taskMapSchema } from "../../protocol/http/job.ts";
import { problemSchema, type Problem } from "../../protocol/http/problem.ts";
import { submittedSchema } from "../../protocol/http/submission.ts";
import { computeServerIdSchema, executableIdSchema, type JobId } from "../../protocol/ids.ts";
import { PackedValues } from "../../protocol/packed-values.ts";
import { decodeValue } from "../../protocol/value.ts";
import { TestHub, type Answered } from "./test-hub.ts";

let hub: TestHub;
beforeAll(async () => { hub = await TestHub.start(); });
afterAll(async () => { await hub.stop(); });

function problem(answer: Answered, status: number): Problem {
  expect(answer.status).toBe(status);
  expect(answer.headers["content-type"]).toContain("application/problem+json");
  const parsed = problemSchema.parse(answer.json());
  expect(parsed.status).toBe(status);
  return parsed;
}

const SUBMISSION = { name: "squares", executable: { source: "export default (n) => n * n" }, inputs: [1, 2, 3] };

describe("POST /api/jobs", () => {
  test("POST /api/jobs: answers 202 with the job's place once it is on disk (R1)", async () => {
    const answer = await hub.post("/api/jobs", { ...SUBMISSION, options: { tags: ["a", "a", "b"], priority: 3, notify: { email: "a@example.org" } }, args: { k: 1 } });
    expect(answer.status).toBe(202);
    const { jobId, url, resultUrl } = submittedSchema.parse(answer.json());
    expect(answer.headers.location).toBe(`/api/jobs/${jobId}`);
    expect([url, resultUrl]).toEqual([`${hub.url}/jobs/${jobId}`, `${hub.url}/results/${jobId}`]);
    expect(await hub.archive.job(jobId)).toMatchObject({ name: "squares", tasks: 3, state: "queued", tags: ["a", "b"], priority: 3, argsJson: '{"k":1}', notifyEmail: "a@example.org", owner: "local" });
    expect(hub.grid.submitted.at(-1)).toMatchObject({ jobId, tasks: 3, state: "queued" });
    const chunks = await hub.archive.inputs(jobId, [0, 3]);
    const inputs = chunks.flatMap(({ packed }) => {
      const values = new PackedValues(packed);
      return Array.from({ length: values.count }, (_, i) => decodeValue(values.at(i)));
    });
    expect(inputs).toEqual([1, 2, 3]);
  });

  test("POST /api/jobs: a policy of its own is kept and shown, another name is refused with those that there are", async () => {
    const jobId = await hub.submit([1], { options: { policy: "round-robin" } });
    expect(hub.grid.submitted.at(-1)).toMatchObject({ jobId, policy: "round-robin" });
    expect((await hub.ask(`/api/jobs/${jobId}`)).json()).toMatchObject({ options: { policy: "round-robin" } });
    const plain = await hub.submit([1]);
    expect((await hub.ask(`/api/jobs/${plain}`)).json()).toMatchObject({ options: { policy: null } });
    const refused = problem(await hub.post("/api/jobs", { ...SUBMISSION, options: { policy: "best" } }), 400);
    expect(refused.errors?.[0]).toMatchObject({ path: "options.policy", message: expect.stringContaining("longest-since-completion") });
  });

  test("POST /api/jobs: what it requires is kept and shown; nothing asked for is nothing required", async () => {
    const requires = { memoryMiB: 2_048, capabilities: ["wasm-simd"], engine: "chromium-120" };
    const jobId = await hub.submit([1], { options: { requires } });
    expect(hub.grid.submitted.at(-1)).toMatchObject({ jobId, requires });
    expect((await hub.ask(`/api/jobs/${jobId}`)).json()).toMatchObject({ options: { requires } });
    await hub.submit([1], { options: { requires: { capabilities: [] } } });
    expect(hub.grid.submitted.at(-1)?.requires).toBeNull();
    for (const [wrong, path] of [
      [{ capabilities: ["wasm-smid"] }, "options.requires.capabilities.0"], [{ memoryMiB: 0 }, "options.requires.memoryMiB"],
      [{ engine: "netscape" }, "options.requires.engine"], [{ colour: "red" }, "options.requires"],
    ] as const) {
      expect(problem(await hub.post("/api/jobs", { ...SUBMISSION, options: { requires: wrong } }), 400).errors?.[0]).toMatchObject({ path });
    }
  });

  test("POST /api/jobs: a range of ten million tasks is no list", async () => {
    const jobId = await hub.submit({ range: { start: 0, end: 10_000_000 } });
    expect(await hub.archive.job(jobId)).toMatchObject({ tasks: 10_000_000, inputs: { kind: "range", start: 0, step: 1 } });
  });

  test("POST /api/jobs: what the grid says at once is passed on", async () => {
    hub.grid.diagnostic = "No Load Balancer is registered.";
    const answer = await hub.post("/api/jobs", SUBMISSION);
    hub.grid.diagnostic = null;
    expect(answer.json()).toMatchObject({ diagnostic: "No Load Balancer is registered." });
  });

  test("POST /api/jobs: the same Idempotency-Key answers the same job and submits nothing", async () => {
    const headers = { "idempotency-key": "once" };
    const [first, second] = await Promise.all([hub.post("/api/jobs", SUBMISSION, headers), hub.post("/api/jobs", SUBMISSION, headers)]);
    expect(first.status).toBe(202);
    expect(second.json()).toEqual(first.json());
    const { jobId } = submittedSchema.parse(first.json());
    expect(hub.grid.submitted.filter((job) => job.jobId === jobId)).toHaveLength(1);
    const other = await hub.post("/api/jobs", { ...SUBMISSION, name: "another" }, headers);
    expect(problem(other, 409).detail).toContain(jobId);
  });

  test("POST /api/jobs: an unreadable Executable is a 422 that says where", async () => {
    const refused = problem(await hub.post("/api/jobs", { ...SUBMISSION, executable: { source: "export default (n) =>\n  n +* 2" } }), 422);
    expect(refused.type).toBe("urn:manyhands:problem:unreadable-executable");
    expect(refused.errors).toEqual([{ message: "Unexpected token", line: 2, column: 6 }]);
    expect(refused.detail).toContain("^");
  });

  test.each([
    ["no JSON", "{", 400, undefined],
    ["no name", JSON.stringify({ ...SUBMISSION, name: undefined }), 400, "name"],
    ["an unknown option", JSON.stringify({ ...SUBMISSION, options: { colour: 1 } }), 400, "options"],
    ["an empty body", "", 400, undefined],
    ["an unknown Executable", JSON.stringify({ ...SUBMISSION, executable: { id: "0".repeat(64) } }), 404, undefined],
  ])("POST /api/jobs: %s is a problem", async (_what, body, status, path) => {
    const refused = problem(await hub.ask("/api/jobs", { method: "POST", headers: { "content-type": "application/json" }, body }), status);
    expect(refused.detail).toMatch(/^Cannot /);
    expect(refused.errors?.[0]?.path).toBe(path);
  });

  test("POST /api/jobs: another content type is a 415", async () => {
    const answer = await hub.ask("/api/jobs", { method: "POST", headers: { "content-type": "text/plain" }, body: JSON.stringify(SUBMISSION) });
    expect(problem(answer, 415).detail).toContain("application/json");
  });

  test("POST /api/jobs: a body past the limit is a 413 before it is read (R9)", async () => {
    const answer = await hub.ask("/api/jobs", { method: "POST", headers: { "content-type": "application/json", "content-length": String(300 * 1024 * 1024) } });
    expect(problem(answer, 413).status).toBe(413);
  });

  test("POST /api/jobs: a large input is stored as a blob and referenced", async () => {
    const jobId = await hub.submit(["x".repeat(200_000), 1]);
    const [chunk] = await hub.archive.inputs(jobId, [0, 2]);
    const large = chunk?.large[0];
    expect(large?.index).toBe(0);
    const blob = large && (await hub.archive.blob(large.blobId));
    expect(blob && decodeValue(blob)).toBe("x".repeat(200_000));
  });

  test("POST /api/jobs: a million inputs leave the hub answering meanwhile", async () => {
    const progress = { submitting: true };
    const submitted = hub.submit(Array.from({ length: 1_000_000 }, (_, i) => i)).finally(() => { progress.submitting = false; });
    let answeredMeanwhile = 0;
    while (progress.submitting) {
      expect((await hub.ask("/healthz")).status).toBe(200);
      if (progress.submitting) answeredMeanwhile += 1;
    }
    expect(await hub.archive.job(await submitted)).toMatchObject({ tasks: 1_000_000 });
    expect(answeredMeanwhile).toBeGreaterThan(20);
  });
});

describe("Executables", () => {
  const source = "export default (n) => n + 1;\nexport const view = { kind: 'image', width: 4, height: 4 };";
  const id = createHash("sha256").update(source).digest("hex");
  const put = (executableId: string, body: string, type = "text/javascript") =>
    hub.ask(`/api/executables/${executableId}`, { method: "PUT", headers: { "content-type": type }, body });

  test("PUT /api/executables: stores once, and a job may name it; its view is read then", async () => {
    expect((await put(id, source)).status).toBe(201);
    expect((await put(id, source)).status).toBe(200);
    const jobId = await hub.submit([1], { executable: { id } });
    expect(await hub.archive.job(jobId)).toMatchObject({ executableId: id, view: { kind: "image", width: 4, height: 4 } });
  });

  test("PUT /api/executables: refuses bytes of another hash, what cannot be read, other types", async () => {
    expect(problem(await put("0".repeat(64), source), 400).detail).toContain(id);
    problem(await put(id, "export default"), 422);
    problem(await put(id, source, "image/png"), 415);
    problem(await put("nothing", source), 404);
  });

  test("GET /api/executables: the source, as data, asked for again by its ETag", async () => {
    await put(id, source);
    const answer = await hub.ask(`/api/executables/${id}`);
    expect(answer.text).toBe(source);
    expect(answer.headers).toMatchObject({ "content-type": "text/javascript; charset=utf-8", "x-content-type-options": "nosniff", "cache-control": "private, no-cache", "etag": `"${id}"` });
    expect(answer.headers["content-security-policy"]).toMatch(/default-src 'none'.*sandbox/);
    expect((await hub.ask(`/api/executables/${id}`, { headers: { "if-none-match": `"${id}"` } })).status).toBe(304);
    problem(await hub.ask(`/api/executables/${"0".repeat(64)}`), 404);
  });

  test("GET /compute/executables: the source for a Compute Server that has a task of it, as data that never changes", async () => {
    await put(id, source);
    const computeServerId = computeServerIdSchema.parse("server-00001");
    await hub.archive.saveComputeServer({ computeServerId, tokenHash: createHash("sha256").update("t".repeat(40)).digest("hex"), name: "", registeredAtMs: 1, accountId: null });
    hub.assignedFiles.assigned(computeServerId, [executableIdSchema.parse(id)]);
    const answer = await hub.ask(`/compute/executables/${id}`, { headers: { "x-compute-server": computeServerId, "authorization": `Bearer ${"t".repeat(40)}` } });
    expect(answer.text).toBe(source);
    expect(answer.headers).toMatchObject({ "content-type": "text/javascript; charset=utf-8", "cache-control": "private, max-age=31536000, immutable" });
    expect(answer.headers["content-security-policy"]).toMatch(/default-src 'none'.*sandbox/);
  });
});

describe("GET /api/jobs", () => {
  test("GET /api/jobs: pages, newest first, and filters", async () => {
    const ids: JobId[] = [];
    for (let i = 0; i < 5; i++) ids.push(await hub.submit([i], { name: `paged ${i}`, options: { tags: ["paged"] } }));
    const first = jobListSchema.parse((await hub.ask("/api/jobs?tag=paged&limit=3")).json());
    expect(first.jobs.map(({ name }) => name)).toEqual(["paged 4", "paged 3", "paged 2"]);
    const second = jobListSchema.parse((await hub.ask(`/api/jobs?tag=paged&limit=3&cursor=${encodeURIComponent(first.nextCursor ?? "")}`)).json());
    expect(second.jobs.map(({ jobId }) => jobId)).toEqual([ids[1], ids[0]]);
    expect(second.nextCursor).toBeNull();
    await hub.grid.pause(ids[2] ?? jobId());
    const paused = jobListSchema.parse((await hub.ask("/api/jobs?tag=paged&state=paused,cancelled")).json());
    expect(paused.jobs.map(({ jobId: id }) => id)).toEqual([ids[2]]);
    expect(jobListSchema.parse((await hub.ask("/api/jobs?q=paged+3")).json()).jobs).toHaveLength(1);
  });

  test.each(["limit=0", "limit=x", "state=flying", "cursor=nonsense"])("GET /api/jobs: ?%s is a 400", async (query) => {
    expect(problem(await hub.ask(`/api/jobs?${query}`), 400).detail).toMatch(/^Cannot /);
  });

  test("GET /api/jobs/{jobId}: counts, failures and what runs", async () => {
    const id = await hub.submit([1, 2, 3, 4, 5]);
    await hub.finish(id, 0, [1, 2]);
    await hub.fail(id, 2, "too odd");
    hub.grid.snapshots.set(id, { jobId: id, pending: 1, running: 1, done: 2, failed: 1, provisional: 0, runs: 2, caughtServers: 0, ratePerSecond: 3, etaMs: 700, waitingFor: null, startedAtMs: 1 });
    const job = jobSchema.parse((await hub.ask(`/api/jobs/${id}`)).json());
    expect(job.tasks).toEqual({ total: 5, pending: 1, running: 1, done: 2, failed: 1 });
    expect(job).toMatchObject({ ratePerSecond: 3, etaMs: 700, waitingFor: null, pictureUrl: null, notify: null });
    expect(job.failures).toEqual([{ message: "too odd", stack: expect.stringContaining("at task"), count: 1, firstIndex: 2 }]);
  });

  test("GET /api/jobs/{jobId}: no such job is a 404", async () => {
    expect(problem(await hub.ask("/api/jobs/aaaaaaaaaaaa"), 404).detail).toContain("aaaaaaaaaaaa");
    problem(await hub.ask("/api/jobs/%20"), 404);
    problem(await hub.ask("/api/jobs/%ff"), 400);
  });
});

describe("actions and tasks", () => {
  test("POST /api/jobs/{jobId}/…: pause, resume, cancel; a job that has ended is a conflict", async () => {
    const id = await hub.submit([1]);
    for (const [action, state] of [["pause", "paused"], ["resume", "running"], ["cancel", "cancelled"]]) {
      expect(jobSchema.parse((await hub.post(`/api/jobs/${id}/${action}`, {})).json()).state).toBe(state);
    }
    problem(await hub.post(`/api/jobs/${id}/cancel`, {}), 409);
    problem(await hub.post("/api/jobs/aaaaaaaaaaaa/cancel", {}), 404);
  });

  test("POST /api/jobs/{jobId}/retry: forgets the failures", async () => {
    const id = await hub.submit([1, 2]);
    await hub.fail(id, 0, "no");
    const job = jobSchema.parse((await hub.post(`/api/jobs/${id}/retry`, {})).json());
    expect(job.tasks).toMatchObject({ failed: 0, pending: 2 });
  });

  test("GET /api/jobs/{jobId}/tasks: of an ended job from the archive", async () => {
    const id = await hub.submit(Array.from({ length: 10 }, (_, i) => i));
    await hub.finish(id, 1, [1, 2, 3]);
    await hub.fail(id, 9, "no");
    await hub.grid.cancel(id);
    const map = taskMapSchema.parse((await hub.ask(`/api/jobs/${id}/tasks?buckets=5`)).json());
    expect(map.total).toBe(10);
    expect(map.buckets.map(({ done, failed }) => [done, failed])).toEqual([[1, 0], [2, 0], [0, 0], [0, 0], [0, 1]]);
    expect(taskMapSchema.parse((await hub.ask(`/api/jobs/${id}/tasks`)).json()).buckets).toHaveLength(10);
  });
});

function jobId(): never {
  throw new Error("Cannot go on: the job was not submitted");
}
