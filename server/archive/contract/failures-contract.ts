import { expect, test } from "vitest";
import type { ContractStore } from "./contract-store.ts";
import { expectRefusal } from "./expectations.ts";
import { chunkOf, failureOf, newJobId, sampleJob } from "./samples.ts";

export function failuresContract(store: () => ContractStore): void {
  test("saveFailure: a task ends once, in a result or in a failure (R2)", async () => {
    const { archive } = store();
    const { jobId } = sampleJob();
    await archive.createJob(sampleJob({ jobId }), []);
    await archive.saveResults(jobId, chunkOf(0, [1, 2]));
    await archive.saveFailure(failureOf(jobId, 5));
    await expectRefusal(archive.saveFailure(failureOf(jobId, 5, "again")), "conflict");
    await expectRefusal(archive.saveFailure(failureOf(jobId, 1)), "conflict");
    await expectRefusal(archive.saveResults(jobId, chunkOf(4, [4, 5, 6])), "conflict");
    await expectRefusal(archive.saveFailure(failureOf(jobId, 100)), "invalid-request");
    await expectRefusal(archive.saveFailure(failureOf(newJobId(), 1)), "not-found");
    expect(await archive.job(jobId)).toMatchObject({ done: 2, failed: 1 });
    expect(await archive.failures(jobId, [0, 100], 9)).toEqual([failureOf(jobId, 5)]);
  });

  test("failures: in index order, those of the range, at most `limit`, also after reopening (R3)", async () => {
    const { jobId } = sampleJob();
    await store().archive.createJob(sampleJob({ jobId }), []);
    for (const index of [7, 3, 9, 5]) await store().archive.saveFailure(failureOf(jobId, index, `“broke” ${index}`));
    const archive = await store().reopen();
    expect(await archive.failures(jobId, [0, 100], 9)).toEqual([3, 5, 7, 9].map((index) => failureOf(jobId, index, `“broke” ${index}`)));
    expect((await archive.failures(jobId, [4, 9], 9)).map(({ index }) => index)).toEqual([5, 7]);
    expect((await archive.failures(jobId, [4, 100], 2)).map(({ index }) => index)).toEqual([5, 7]);
  });

  test("failureGroups: counts by message, largest first, with the stack of the first index", async () => {
    const { archive } = store();
    const { jobId } = sampleJob();
    await archive.createJob(sampleJob({ jobId }), []);
    for (const [index, message] of [[8, "b"], [2, "a"], [6, "b"], [9, "b"], [4, "c"], [1, "c"]] as const) {
      await archive.saveFailure(failureOf(jobId, index, message));
    }
    const group = (message: string, count: number, firstIndex: number) => ({ message, count, firstIndex, stack: failureOf(jobId, firstIndex, message).stack });
    expect(await archive.failureGroups(jobId, 9)).toEqual([group("b", 3, 6), group("c", 2, 1), group("a", 1, 2)]);
    expect(await archive.failureGroups(jobId, 1)).toEqual([group("b", 3, 6)]);
  });

  test("forgetFailures: the tasks may end anew, another job's failures stay", async () => {
    const { archive } = store();
    const [one, two] = [sampleJob(), sampleJob()];
    await archive.createJob(one, []);
    await archive.createJob(two, []);
    await archive.saveFailure(failureOf(one.jobId, 5));
    await archive.saveFailure(failureOf(two.jobId, 5));
    await archive.forgetFailures(one.jobId);
    expect(await archive.job(one.jobId)).toMatchObject({ done: 0, failed: 0 });
    expect(await archive.failures(one.jobId, [0, 100], 9)).toEqual([]);
    expect(await archive.failureGroups(one.jobId, 9)).toEqual([]);
    await archive.saveResults(one.jobId, chunkOf(5, ["at last"]));
    expect(await archive.job(one.jobId)).toMatchObject({ done: 1, failed: 0 });
    expect(await archive.job(two.jobId)).toMatchObject({ failed: 1 });
    await expectRefusal(archive.forgetFailures(newJobId()), "not-found");
  });
}
