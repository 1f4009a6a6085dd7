import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { accountIdSchema, blobIdSchema, computeServerIdSchema, executableIdSchema, ownerSchema } from "../../../protocol/ids.ts";
import type { ContractStore } from "./contract-store.ts";
import { expectRefusal } from "./expectations.ts";
import { newJobId, sampleJob } from "./samples.ts";

const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

export function recordsContract(store: () => ContractStore): void {
  test("saveExecutable: reads back to who stored it, whoever else has", async () => {
    const source = new TextEncoder().encode("export default (n) => n");
    const executableId = executableIdSchema.parse(hash(source));
    const stored = { executableId, owner: ownerSchema.parse("ann"), bytes: source.byteLength, createdAtMs: 5 };
    const { archive } = store();
    const bob = ownerSchema.parse("bob");
    expect(await archive.executable(executableId, stored.owner)).toBeUndefined();
    expect(await archive.executableSource(executableId)).toBeUndefined();
    expect(await archive.saveExecutable(executableId, stored.owner, source, 5)).toEqual(stored);
    expect(await archive.executable(executableId, bob)).toBeUndefined();
    expect(await archive.saveExecutable(executableId, bob, source, 9)).toEqual({ ...stored, owner: bob, createdAtMs: 9 });
    expect(await archive.saveExecutable(executableId, stored.owner, source, 11)).toEqual(stored);
    const again = await store().reopen();
    expect(await again.executable(executableId, stored.owner)).toEqual(stored);
    expect(await again.executable(executableId, bob)).toMatchObject({ owner: "bob", createdAtMs: 9 });
    expect(await again.executable(executableId, ownerSchema.parse("eve"))).toBeUndefined();
    expect(Buffer.from(await again.executableSource(executableId) ?? []).toString()).toBe("export default (n) => n");
  });

  test("saveExecutable: bytes under another hash than their own are refused", async () => {
    const { archive } = store();
    const executableId = executableIdSchema.parse("0".repeat(64));
    await expectRefusal(archive.saveExecutable(executableId, ownerSchema.parse("ann"), Uint8Array.of(1), 5), "invalid-request");
    expect(await archive.executable(executableId, ownerSchema.parse("ann"))).toBeUndefined();
  });

  test("isExecutableShown: by a public job that uses it, or by the key of one that is shared", async () => {
    const { archive } = store();
    const job = sampleJob({ public: false, shareKey: "the-key" });
    await archive.createJob(job, []);
    await archive.createJob(sampleJob({ public: false, shareKey: "another", executableId: executableIdSchema.parse("cd".repeat(32)) }), []);
    expect(await archive.isExecutableShown(job.executableId, undefined)).toBe(false);
    expect(await archive.isExecutableShown(job.executableId, "another")).toBe(false);
    expect(await archive.isExecutableShown(job.executableId, "the-key")).toBe(true);
    await archive.setSharing(job.jobId, { public: false, shareKey: null });
    expect(await archive.isExecutableShown(job.executableId, "the-key")).toBe(false);
    await archive.setSharing(job.jobId, { public: true, shareKey: null });
    expect(await archive.isExecutableShown(job.executableId, undefined)).toBe(true);
  });

  test("setSharing: a job, its tags and its key, also after reopening", async () => {
    const { archive } = store();
    const job = sampleJob({ tags: ["pi"], public: false });
    await archive.createJob(job, []);
    expect(await archive.tags(9)).toEqual([]);
    await archive.setSharing(job.jobId, { public: true, shareKey: "k" });
    expect(await archive.tags(9)).toEqual([{ tag: "pi", count: 1 }]);
    expect(await (await store().reopen()).job(job.jobId)).toMatchObject({ public: true, shareKey: "k" });
    await expectRefusal(store().archive.setSharing(newJobId(), { public: true, shareKey: null }), "not-found");
  });

  test("saveUpload: known of the Compute Server that brought it alone, until it is removed by age", async () => {
    const { archive } = store();
    const [one, two] = [computeServerIdSchema.parse("server-0001"), computeServerIdSchema.parse("server-0002")];
    const blobId = blobIdSchema.parse("e".repeat(64));
    await archive.saveUpload(one, blobId, 5);
    await archive.saveUpload(one, blobId, 10);
    const again = await store().reopen();
    expect([await again.hasUpload(one, blobId), await again.hasUpload(two, blobId)]).toEqual([true, false]);
    await again.removeUploads(10);
    expect(await again.hasUpload(one, blobId)).toBe(true);
    await again.removeUploads(11);
    expect(await again.hasUpload(one, blobId)).toBe(false);
  });

  test("saveBlob: bytes read back under their SHA-256, many at once and twice", async () => {
    const { archive } = store();
    const blobs = Array.from({ length: 20 }, (_, i) => new Uint8Array(1_000_000).fill(i % 10));
    const ids = await Promise.all(blobs.map((bytes) => archive.saveBlob(bytes)));
    expect(ids).toEqual(blobs.map(hash));
    const again = await store().reopen();
    for (const [i, blobId] of ids.entries()) {
      expect(Buffer.compare(await again.blob(blobId) ?? new Uint8Array(), blobs[i] ?? new Uint8Array())).toBe(0);
      expect(await again.hasBlob(blobId)).toBe(true);
    }
    const none = blobIdSchema.parse("f".repeat(64));
    expect(await again.blob(none)).toBeUndefined();
    expect(await again.hasBlob(none)).toBe(false);
  });

  test("dueMail: a job that ends leaves one mail in the outbox, until it was sent", async () => {
    const { archive } = store();
    const job = sampleJob({ notifyEmail: "ann@example.org" });
    await archive.createJob(job, []);
    await archive.createJob(sampleJob(), []);
    await archive.setJobState(job.jobId, "running", 10);
    expect(await archive.dueMail(1_000, 9)).toEqual([]);
    await archive.setJobState(job.jobId, "completed", 20);
    await archive.setJobState(job.jobId, "completed", 30);
    expect(await archive.dueMail(19, 9)).toEqual([]);
    const again = await store().reopen();
    const [entry, ...more] = await again.dueMail(20, 9);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ jobId: job.jobId, email: "ann@example.org", attempts: 0, nextAttemptAtMs: 20 });
    await again.mailSent(entry?.entryId ?? -1);
    expect(await again.dueMail(1_000, 9)).toEqual([]);
  });

  test("setJobState: a job without an address leaves no mail", async () => {
    const { archive } = store();
    const job = sampleJob();
    await archive.createJob(job, []);
    await archive.setJobState(job.jobId, "failed", 20);
    expect(await archive.dueMail(1_000, 9)).toEqual([]);
  });

  test("mailFailed: puts the next try off, or gives up", async () => {
    const { archive } = store();
    for (const end of [20, 30]) {
      const job = sampleJob({ notifyEmail: `${end}@example.org` });
      await archive.createJob(job, []);
      await archive.setJobState(job.jobId, "cancelled", end);
    }
    const [first, second] = await archive.dueMail(100, 9);
    expect((await archive.dueMail(100, 1)).map(({ email }) => email)).toEqual(["20@example.org"]);
    await archive.mailFailed(first?.entryId ?? -1, "connection refused", 500);
    await archive.mailFailed(second?.entryId ?? -1, "no such user", null);
    expect(await archive.dueMail(499, 9)).toEqual([]);
    expect(await archive.dueMail(500, 9)).toEqual([{ ...first, attempts: 1, nextAttemptAtMs: 500 }]);
    expect(await archive.dueMail(Number.MAX_SAFE_INTEGER, 9)).toHaveLength(1);
    await expectRefusal(archive.mailFailed(12_345, "?", 1), "not-found");
  });

  test("saveComputeServer: reads back as it was saved last", async () => {
    const { archive } = store();
    const computeServerId = computeServerIdSchema.parse("server-0001");
    expect(await archive.computeServer(computeServerId)).toBeUndefined();
    const server = { computeServerId, tokenHash: "a".repeat(64), name: "Ann's tab", registeredAtMs: 1, accountId: null };
    await archive.saveComputeServer(server);
    await archive.saveComputeServer({ ...server, name: "renamed" });
    expect(await (await store().reopen()).computeServer(computeServerId)).toEqual({ ...server, name: "renamed" });
    await store().archive.saveComputeServer({ ...server, accountId: accountIdSchema.parse("account-1") });
    expect(await (await store().reopen()).computeServer(computeServerId)).toMatchObject({ accountId: "account-1" });
  });
}
