import { expect, test } from "vitest";
import type { JobState } from "../../../protocol/http/job.ts";
import { ownerSchema } from "../../../protocol/ids.ts";
import type { JobFilter, ResultsArchive, ValueChunk } from "../archive.ts";
import type { ContractStore } from "./contract-store.ts";
import { expectRefusal, valuesOf } from "./expectations.ts";
import { chunkOf, newJobId, sampleJob } from "./samples.ts";

export function jobsContract(store: () => ContractStore): void {
  test("createJob: a job reads as it was stored, also after reopening (R1)", async () => {
    const job = sampleJob({
      name: "Ünïcode “job” 100%", inputs: { kind: "range", start: -2.5, step: 0.1 }, argsJson: '{"zoom":3}', tags: ["a", "b c"], public: false,
      view: { kind: "chart", spec: { mark: "line", nested: { deep: [1, null, "x"] } } }, priority: -7, policy: "round-robin", requires: { memoryMiB: 512, capabilities: ["wasm-simd"], engine: "firefox-150" },
      verification: { policy: { credibility: { errorRate: 0.01 } }, compare: { relative: 1e-9 }, engines: "same" }, notifyEmail: "ann@example.org",
    });
    expect(await store().archive.createJob(job, [])).toBe(job.jobId);
    const stored = { ...job, state: "queued", startedAtMs: null, endedAtMs: null, done: 0, failed: 0, runs: 0, caughtServers: 0 };
    expect(await store().archive.job(job.jobId)).toEqual(stored);
    expect(await (await store().reopen()).job(job.jobId)).toEqual(stored);
    expect(await store().archive.job(newJobId())).toBeUndefined();
  });

  test("createJob: inputs come back in order, cut to the range asked for", async () => {
    const { archive } = store();
    const job = sampleJob({ inputs: { kind: "values" }, tasks: 10 });
    const large = [{ index: 2, blobId: await archive.saveBlob(Uint8Array.of(1)), bytes: 1 }, { index: 3, blobId: await archive.saveBlob(Uint8Array.of(2)), bytes: 1 }];
    await archive.createJob(job, [chunkOf(0, ["a", "b"]), chunkOf(2, ["", "", "e", "f"], large), chunkOf(6, ["g", "h", "i", "j"])]);
    const all = await archive.inputs(job.jobId, [0, 10]);
    expect(all.map(({ range }) => range)).toEqual([[0, 2], [2, 6], [6, 10]]);
    expect([...valuesOf(all).values()]).toEqual(["a", "b", "", "", "e", "f", "g", "h", "i", "j"]);
    const some = await archive.inputs(job.jobId, [3, 7]);
    expect(some.map(({ range }) => range)).toEqual([[3, 6], [6, 7]]);
    expect([...valuesOf(some)]).toEqual([[3, ""], [4, "e"], [5, "f"], [6, "g"]]);
    expect(some.map((chunk) => chunk.large.map(({ index }) => index))).toEqual([[3], []]);
    expect(await archive.inputs(newJobId(), [0, 10])).toEqual([]);
  });

  test("createJob: a job of ten million tasks over a range stores no inputs", async () => {
    const { archive } = store();
    const job = sampleJob({ tasks: 10_000_000 });
    await archive.createJob(job, []);
    expect(await archive.inputs(job.jobId, [0, 10_000_000])).toEqual([]);
    expect(await archive.job(job.jobId)).toMatchObject({ tasks: 10_000_000, done: 0 });
  });

  test("createJob: inputs that are missing, doubled or of no task store nothing", async () => {
    const { archive } = store();
    const cases: ValueChunk[][] = [
      [], [chunkOf(0, [1])], [chunkOf(0, [1, 2, 3, 4])], [chunkOf(0, [1]), chunkOf(0, [1, 2])], [chunkOf(0, [1]), chunkOf(2, [3])],
      [{ ...chunkOf(0, [1, 2]), range: [0, 3] }],
    ];
    for (const inputs of cases) {
      const job = sampleJob({ inputs: { kind: "values" }, tasks: 3 });
      await expectRefusal(archive.createJob(job, inputs), "invalid-request");
      expect(await archive.job(job.jobId)).toBeUndefined();
      expect(await archive.inputs(job.jobId, [0, 3])).toEqual([]);
    }
    await expectRefusal(archive.createJob(sampleJob({ tasks: 1 }), [chunkOf(0, [1])]), "invalid-request");
  });

  test("createJob: inputs that throw while they are made store nothing, and the id stays free", async () => {
    const { archive } = store();
    const job = sampleJob({ inputs: { kind: "values" }, tasks: 2 });
    function* broken(): Generator<ValueChunk> {
      yield chunkOf(0, [1]);
      throw new Error("the generator broke");
    }
    await expect(archive.createJob(job, broken())).rejects.toThrow("the generator broke");
    expect(await archive.inputs(job.jobId, [0, 2])).toEqual([]);
    expect(await archive.createJob(job, [chunkOf(0, [1, 2])])).toBe(job.jobId);
  });

  test("createJob: a second job under the same id is refused and leaves the first alone", async () => {
    const { archive } = store();
    const job = sampleJob({ inputs: { kind: "values" }, tasks: 2 });
    await archive.createJob(job, [chunkOf(0, ["first", "job"])]);
    await expectRefusal(archive.createJob({ ...job, name: "second" }, [chunkOf(0, ["second", "job"])]), "conflict");
    expect(await archive.job(job.jobId)).toMatchObject({ name: "Collatz" });
    expect([...valuesOf(await archive.inputs(job.jobId, [0, 2])).values()]).toEqual(["first", "job"]);
  });

  test("createJob: the same idempotency key of the same owner answers the earlier job and stores nothing", async () => {
    const { archive } = store();
    const values = { inputs: { kind: "values" }, tasks: 1 } as const;
    const [first, again, other] = [sampleJob(values), sampleJob(values), sampleJob({ ...values, owner: ownerSchema.parse("bob") })];
    const input = [chunkOf(0, [1])];
    const ids = await Promise.all([archive.createJob(first, input, "key"), archive.createJob(again, input, "key"), archive.createJob(other, input, "key")]);
    expect(ids).toEqual([first.jobId, first.jobId, other.jobId]);
    expect(await (await store().reopen()).createJob(again, input, "key")).toBe(first.jobId);
    expect(await store().archive.job(again.jobId)).toBeUndefined();
    expect(await store().archive.inputs(again.jobId, [0, 1])).toEqual([]);
  });

  test("setJobState: sets the times that go with the state", async () => {
    const { archive } = store();
    const { jobId } = sampleJob();
    await archive.createJob(sampleJob({ jobId }), []);
    const steps: [JobState, number, number | null, number | null][] = [
      ["running", 10, 10, null], ["paused", 20, 10, null], ["running", 30, 10, null], ["failed", 40, 10, 40], ["running", 50, 10, null], ["completed", 60, 10, 60],
    ];
    for (const [state, atMs, startedAtMs, endedAtMs] of steps) {
      await archive.setJobState(jobId, state, atMs);
      expect(await archive.job(jobId)).toMatchObject({ state, startedAtMs, endedAtMs });
    }
    await expectRefusal(archive.setJobState(newJobId(), "running", 1), "not-found");
  });

  test("unfinishedJobs: those that have not ended, oldest first", async () => {
    const { archive } = store();
    const states: JobState[] = ["completed", "paused", "cancelled", "running", "failed", "queued"];
    for (const [i, state] of states.entries()) {
      const job = sampleJob({ name: state, createdAtMs: 100 - i });
      await archive.createJob(job, []);
      await archive.setJobState(job.jobId, state, 200);
    }
    expect((await archive.unfinishedJobs()).map(({ name }) => name)).toEqual(["queued", "running", "paused"]);
  });

  test("jobs: pages newest first, each job once, also when many share a time", async () => {
    const { archive } = store();
    const ids = [];
    for (let i = 0; i < 25; i++) ids.push(await archive.createJob(sampleJob({ createdAtMs: Math.floor(i / 10) }), []));
    const seen = [];
    let cursor: string | null = null;
    do {
      const filter: JobFilter = { limit: 4, ...(cursor === null ? {} : { cursor }) };
      const page = await archive.jobs(filter);
      expect(page.jobs.length).toBeLessThanOrEqual(4);
      seen.push(...page.jobs.map(({ jobId }) => jobId));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(ids.reverse());
    expect((await archive.jobs({ limit: 25 })).nextCursor).toBeNull();
    for (const bad of ["", "nonsense", "WzFd", "W251bGwsbnVsbF0"]) await expectRefusal(archive.jobs({ limit: 4, cursor: bad }), "invalid-request");
  });

  test("jobs: filters by state, owner, publicity and tag", async () => {
    const { archive } = store();
    const bob = ownerSchema.parse("bob");
    await archive.createJob(sampleJob({ name: "a", tags: ["pi", "π%"] }), []);
    await archive.createJob(sampleJob({ name: "b", owner: bob, public: false, tags: ["pi"] }), []);
    const c = sampleJob({ name: "c", owner: bob, tags: ["pie", "pi", "pi"] });
    await archive.createJob(c, []);
    await archive.setJobState(c.jobId, "running", 1);
    const names = namesIn(archive);
    expect(await names({})).toBe("abc");
    expect(await names({ states: ["running", "paused"] })).toBe("c");
    expect(await names({ owner: bob })).toBe("bc");
    expect(await names({ owner: bob, publicOnly: true })).toBe("c");
    expect(await names({ tag: "pi" })).toBe("abc");
    expect(await names({ tag: "π%" })).toBe("a");
    expect(await names({ tag: "p%" })).toBe("");
    expect(await archive.tags(10)).toEqual([{ tag: "pi", count: 2 }, { tag: "pie", count: 1 }, { tag: "π%", count: 1 }]);
    expect(await archive.tags(1)).toEqual([{ tag: "pi", count: 2 }]);
  });

  test("jobs: text search finds all words in name, tags or owner, and takes every character as itself", async () => {
    const { archive } = store();
    const name = `50% of "Zürich's" back\\slash_x`;
    await archive.createJob(sampleJob({ name, tags: ["Straße", "日本"], owner: ownerSchema.parse("Ann_B") }), []);
    await archive.createJob(sampleJob({ name: "plain", owner: ownerSchema.parse("annxb") }), []);
    const found = async (text: string) => (await archive.jobs({ text, limit: 9 })).jobs.map((job) => job.name);
    for (const text of ["50%", "zürich's", '"ZÜRICH', "back\\slash_x", "\\", "straße 日本", "  ann_b   50% ", "zu\u0308rich", "slash back"]) {
      expect([text, await found(text)]).toEqual([text, [name]]);
    }
    for (const text of ["of annasd", "0% off", "slashxx", "5_%", "%%", "日 本x", "x straße日本", "x\nstraße日本", "'; drop table jobs; --"]) {
      expect([text, await found(text)]).toEqual([text, []]);
    }
    expect((await archive.jobs({ text: "  ", limit: 9 })).jobs).toHaveLength(2);
    expect((await archive.jobs({ text: "ann", limit: 9 })).jobs).toHaveLength(2);
    await expectRefusal(archive.jobs({ text: "word ".repeat(17), limit: 9 }), "invalid-request");
  });
}

function namesIn(archive: ResultsArchive) {
  return async (filter: Omit<JobFilter, "limit">) => {
    const { jobs } = await archive.jobs({ ...filter, limit: 100 });
    return jobs.map(({ name }) => name).sort().join("");
  };
}
