import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { executableIdSchema, ownerSchema, type JobId } from "../../../protocol/ids.ts";
import type { ResultsArchive } from "../archive.ts";
import type { ContractStore } from "./contract-store.ts";
import { expectRefusal } from "./expectations.ts";
import { chunkOf, failureOf, newJobId, sampleJob } from "./samples.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;

/** A job with inputs, results, a failure and a mail, and large values of these bytes. */
async function fullJob(archive: ResultsArchive, large: readonly Uint8Array[] = [], changes = {}): Promise<JobId> {
  const job = sampleJob({ inputs: { kind: "values" }, tasks: 4, tags: ["x"], notifyEmail: "ann@example.org", ...changes });
  const values = [];
  for (const [index, bytes] of large.entries()) values.push({ index, blobId: await archive.saveBlob(bytes), bytes: bytes.byteLength });
  await archive.createJob(job, [chunkOf(0, [1, 2, 3, 4])], `key of ${job.jobId}`);
  await archive.saveResults(job.jobId, chunkOf(0, ["", "", 3].slice(0, 3), values));
  await archive.saveFailure(failureOf(job.jobId, 3));
  await archive.setJobState(job.jobId, "failed", 1_000);
  return job.jobId;
}

export function keepingContract(store: () => ContractStore): void {
  test("removeJob: nobody finds the job any more, nor anything of it, and others are left alone", async () => {
    const { archive } = store();
    const [gone, stays] = [await fullJob(archive), await fullJob(archive)];
    expect(await archive.removeJob(gone)).toBe(true);
    expect(await archive.removeJob(gone)).toBe(false);
    expect(await archive.job(gone)).toBeUndefined();
    await archive.freeRemoved();
    for (const reopen of [false, true]) {
      const now = reopen ? await store().reopen() : archive;
      expect(await now.job(gone)).toBeUndefined();
      expect([await now.results(gone, [0, 4], 10), await now.inputs(gone, [0, 4]), await now.failures(gone, [0, 4], 10), await now.failureGroups(gone, 10)]).toEqual([[], [], [], []]);
      expect((await now.dueMail(Number.MAX_SAFE_INTEGER, 10)).map(({ jobId }) => jobId)).toEqual([stays]);
      expect((await now.jobs({ limit: 10 })).jobs.map(({ jobId }) => jobId)).toEqual([stays]);
      expect(await now.tags(10)).toEqual([{ tag: "x", count: 1 }]);
      expect(await now.job(stays)).toMatchObject({ done: 3, failed: 1 });
      expect([(await now.results(stays, [0, 4], 10)).length, (await now.failures(stays, [0, 4], 10)).length]).toEqual([1, 1]);
    }
    await expectRefusal(store().archive.saveResults(gone, chunkOf(3, [1])), "not-found");
  });

  test("freeRemoved: goes on after a reopening with what was left, however much it is", async () => {
    const { archive } = store();
    const job = sampleJob({ tasks: 5_000 });
    await archive.createJob(job, []);
    await Promise.all(Array.from({ length: 5_000 }, (_, i) => archive.saveResults(job.jobId, chunkOf(i, [i]))));
    await archive.removeJob(job.jobId);
    // Begun and not waited for: the archive closes in the middle of it.
    void archive.freeRemoved().catch(() => undefined);
    const again = await store().reopen();
    await again.freeRemoved();
    expect(await again.results(job.jobId, [0, 5_000], 5_000)).toEqual([]);
  });

  test("freeRemoved, sweep: a large value goes with the last job that uses it, when nobody has touched it for an hour", async () => {
    const { archive } = store();
    const [shared, own] = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)];
    const [first, second] = [await fullJob(archive, [shared, own]), await fullJob(archive, [shared])];
    const [sharedId, ownId] = [await archive.saveBlob(shared), await archive.saveBlob(own)];
    await archive.removeJob(first);
    await archive.freeRemoved();
    expect(await archive.sweep(Date.now())).toBe(0);
    expect([await archive.blob(sharedId), await archive.blob(ownId)].map((bytes) => bytes?.byteLength)).toEqual([3, 3]);
    expect(await archive.sweep(Date.now() + 2 * HOUR_MS)).toBe(1);
    expect([await archive.blob(sharedId), await archive.blob(ownId)].map((bytes) => bytes?.byteLength)).toEqual([3, undefined]);
    await archive.removeJob(second);
    await archive.freeRemoved();
    expect(await archive.sweep(Date.now() + 2 * HOUR_MS)).toBe(1);
    expect(await archive.hasBlob(sharedId)).toBe(false);
  });

  test("sweep: an Executable goes when no job uses it any more, and can be stored again", async () => {
    const { archive } = store();
    const source = new TextEncoder().encode("export default (n) => n");
    const executableId = executableIdSchema.parse(createHash("sha256").update(source).digest("hex"));
    const ann = ownerSchema.parse("ann");
    await archive.saveExecutable(executableId, ann, source, 5);
    const jobId = await fullJob(archive, [], { executableId });
    const later = Date.now() + 2 * HOUR_MS;
    expect(await archive.sweep(later)).toBe(0);
    await archive.removeJob(jobId);
    await archive.freeRemoved();
    // Somebody asked for it a moment ago: they may be about to submit a job of it.
    expect(await archive.executable(executableId, ann)).toBeDefined();
    expect(await archive.sweep(Date.now())).toBe(0);
    expect(await archive.sweep(later)).toBeGreaterThan(0);
    expect(await archive.executable(executableId, ann)).toBeUndefined();
    expect(await archive.executableSource(executableId)).toBeUndefined();
    expect(await archive.saveExecutable(executableId, ann, source, 9)).toMatchObject({ createdAtMs: 9 });
    expect(await archive.executableSource(executableId)).toEqual(expect.objectContaining({ byteLength: source.byteLength }));
  });

  test("ownerUse: what an owner has, and has no more once it is removed", async () => {
    const { archive } = store();
    const ann = ownerSchema.parse("ann");
    expect(await archive.ownerUse(ann, 0)).toEqual({ activeJobs: 0, openTasks: 0, jobsSince: 0, storedBytes: 0 });
    const large = new Uint8Array(5_000);
    const jobId = await fullJob(archive, [large]);
    await archive.createJob(sampleJob({ tasks: 7, createdAtMs: 2_000 }), []);
    await archive.createJob(sampleJob({ owner: ownerSchema.parse("bob") }), []);
    const use = await archive.ownerUse(ann, 1_500);
    expect(use).toMatchObject({ activeJobs: 1, openTasks: 7, jobsSince: 1 });
    const [input, result, failure] = [chunkOf(0, [1, 2, 3, 4]).packed.byteLength, chunkOf(0, ["", "", 3]).packed.byteLength, failureOf(jobId, 3)];
    expect(use.storedBytes).toBe(input + result + large.byteLength + failure.message.length + failure.stack.length);
    await archive.forgetFailures(jobId);
    expect((await archive.ownerUse(ann, 0)).storedBytes).toBe(input + result + large.byteLength);
    await archive.removeJob(jobId);
    expect(await archive.ownerUse(ann, 0)).toMatchObject({ activeJobs: 1, storedBytes: 0 });
  });

  test("earlierJob: the job of a key", async () => {
    const { archive } = store();
    const jobId = await fullJob(archive);
    const ann = ownerSchema.parse("ann");
    expect(await archive.earlierJob(ann, `key of ${jobId}`)).toBe(jobId);
    expect(await archive.earlierJob(ann, "another")).toBeUndefined();
    expect(await archive.earlierJob(ownerSchema.parse("bob"), `key of ${jobId}`)).toBeUndefined();
  });

  test("overdueJobs: by the operator's days, by fewer of the owner, never by more, and not before the end", async () => {
    const { archive } = store();
    const [plain, short, long] = [await fullJob(archive), await fullJob(archive, [], { keepDays: 2 }), await fullJob(archive, [], { keepDays: 100 })];
    const running = sampleJob({ keepDays: 1 });
    await archive.createJob(running, []);
    const due = async (keepDays: number | null, days: number) => new Set(await archive.overdueJobs({ keepDays }, 1_000 + days * DAY_MS, 10));
    expect(await due(10, 1.9)).toEqual(new Set());
    expect(await due(10, 2)).toEqual(new Set([short]));
    expect(await due(10, 10)).toEqual(new Set([plain, short, long]));
    expect(await due(null, 99)).toEqual(new Set([short]));
    expect(await due(null, 1_000)).toEqual(new Set([short, long]));
  });

  test("keepFrom: the time begins anew, for a job that has ended", async () => {
    const { archive } = store();
    const jobId = await fullJob(archive);
    await archive.keepFrom(jobId, 1_000 + 9 * DAY_MS);
    expect(await archive.job(jobId)).toMatchObject({ keptFromMs: 1_000 + 9 * DAY_MS });
    expect(await archive.overdueJobs({ keepDays: 10 }, 1_000 + 18 * DAY_MS, 10)).toEqual([]);
    expect(await archive.overdueJobs({ keepDays: 10 }, 1_000 + 19 * DAY_MS, 10)).toEqual([jobId]);
    await archive.setJobState(jobId, "running", 5_000);
    await expectRefusal(archive.keepFrom(jobId, 1), "conflict");
    await expectRefusal(archive.keepFrom(newJobId(), 1), "conflict");
  });

  test("warnOwners: each owner with an address once, some days before, and again when the time began anew", async () => {
    const { archive } = store();
    const jobId = await fullJob(archive);
    await fullJob(archive, [], { notifyEmail: null });
    const warnings = async () => (await archive.dueMail(Number.MAX_SAFE_INTEGER, 10)).filter(({ kind }) => kind === "expiring").map((entry) => entry.jobId);
    const warn = async (keepDays: number | null, day: number) => await archive.warnOwners({ keepDays, warnDays: 3 }, 1_000 + day * DAY_MS);
    expect([await warn(null, 1_000), await warn(10, 6.9)]).toEqual([0, 0]);
    expect(await warnings()).toEqual([]);
    expect(await warn(10, 7.1)).toBe(1);
    expect(await warn(10, 7.2)).toBe(0);
    expect(await warnings()).toEqual([jobId]);
    await archive.keepFrom(jobId, 1_000 + 8 * DAY_MS);
    expect([await warn(10, 9), await warn(10, 16)]).toEqual([0, 1]);
    // Of two days one is left when it is warned: not three.
    const short = await fullJob(archive, [], { keepDays: 2 });
    expect([await warn(10, 0.9), await warn(10, 1.1)]).toEqual([0, 1]);
    expect(await warnings()).toContain(short);
  });
}
