import { expect, test } from "vitest";
import { computeServerIdSchema, type JobId } from "../../../protocol/ids.ts";
import { decodeValue } from "../../../protocol/value.ts";
import type { HeldOutputs, ResultsArchive } from "../archive.ts";
import type { ContractStore } from "./contract-store.ts";
import { expectRefusal, outcomeOf, valuesOf } from "./expectations.ts";
import { chunkOf, failureOf, newJobId, sampleJob } from "./samples.ts";

const ADA = heldBy("server-of-ada", "ada", "192.0.2.1");
const BEN = heldBy("server-of-ben", "ben", "192.0.2.2");

function heldBy(computeServerId: string, volunteer: string, network: string) {
  return { computeServerId: computeServerIdSchema.parse(computeServerId), volunteer, network };
}

/** An answer that a test can read: all of one digit. */
function answer(digit: string): string {
  return digit.repeat(32);
}

function held(by: typeof ADA, from: number, values: readonly unknown[], digits: string, large: HeldOutputs["chunk"]["large"] = []): HeldOutputs {
  return { ...by, chunk: chunkOf(from, values, large), answers: digits.split("").map(answer) };
}

/** What is held, in short: "ada 3 a". */
async function votes(archive: ResultsArchive, jobId: JobId): Promise<string[]> {
  return (await archive.held(jobId)).map(({ volunteer, index, answer }) => `${volunteer} ${index} ${answer.charAt(0)}`);
}

async function newJob(archive: ResultsArchive, tasks = 100): Promise<JobId> {
  const job = sampleJob({ tasks });
  await archive.createJob(job, []);
  return job.jobId;
}

export function heldContract(store: () => ContractStore): void {
  test("saveHeld: outputs are kept with whose they are and what they answer, and are no results (R3)", async () => {
    const { archive } = store();
    const jobId = await newJob(archive);
    await archive.saveHeld(jobId, held(ADA, 3, ["x", "y"], "ab"));
    await archive.saveHeld(jobId, held(BEN, 4, ["z"], "c"));
    const expectHeld = async (reader: ResultsArchive) => {
      expect(await reader.held(jobId)).toEqual([
        { ...ADA, index: 3, answer: answer("a") }, { ...ADA, index: 4, answer: answer("b") }, { ...BEN, index: 4, answer: answer("c") },
      ]);
      const outputs = await reader.heldOutputs(jobId, [4, 9]);
      expect(outputs.map(({ index, answer, value }) => [index, answer.charAt(0), value instanceof Uint8Array ? decodeValue(value) : value])).toEqual([[4, "b", "y"], [4, "c", "z"]]);
      expect(await reader.results(jobId, [0, 100], 9)).toEqual([]);
      expect(await reader.taskEnds(jobId)).toEqual({ done: [], failed: [] });
      expect(await reader.job(jobId)).toMatchObject({ done: 0 });
    };
    await expectHeld(archive);
    await expectHeld(await store().reopen());
  });

  test("acceptHeld: the output with that answer becomes the result, and nothing is held of its task any more", async () => {
    const { archive } = store();
    const jobId = await newJob(archive);
    const blobId = await archive.saveBlob(Uint8Array.of(1, 2, 3));
    await archive.saveHeld(jobId, held(ADA, 0, ["lie", "one", "two", "three"], "f234"));
    await archive.saveHeld(jobId, held(BEN, 0, ["zero", "one again"], "12"));
    await archive.saveHeld(jobId, held(BEN, 9, [""], "9", [{ index: 9, blobId, bytes: 3 }]));
    await archive.acceptHeld(jobId, [{ index: 9, answer: answer("9") }, { index: 0, answer: answer("1") }, { index: 1, answer: answer("2") }, { index: 3, answer: answer("4") }]);
    const expectAccepted = async (reader: ResultsArchive) => {
      const results = await reader.results(jobId, [0, 100], 9);
      expect([...valuesOf(results)]).toEqual([[0, "zero"], [1, "one"], [3, "three"], [9, ""]]);
      expect(results.at(-1)?.large).toEqual([{ index: 9, blobId, bytes: 3 }]);
      expect(await votes(reader, jobId)).toEqual(["ada 2 3"]);
      expect(await reader.job(jobId)).toMatchObject({ done: 4 });
    };
    await expectAccepted(archive);
    await expectAccepted(await store().reopen());
  });

  test("acceptHeld: an answer that nobody holds, or a task that has ended, refuses all of them and changes nothing (R2)", async () => {
    const { archive } = store();
    const jobId = await newJob(archive);
    await archive.saveHeld(jobId, held(ADA, 0, ["a", "b", "c", "d"], "1234"));
    await archive.saveResults(jobId, chunkOf(1, ["first"]));
    await archive.saveFailure(failureOf(jobId, 2));
    const accept = (...pairs: readonly (readonly [number, string])[]) => outcomeOf(archive.acceptHeld(jobId, pairs.map(([index, digit]) => ({ index, answer: answer(digit) }))));
    expect(await Promise.all([accept([0, "1"], [3, "f"]), accept([0, "1"], [1, "2"]), accept([0, "1"], [2, "3"]), accept([0, "1"], [50, "1"])]))
      .toEqual(["not-found", "conflict", "conflict", "not-found"]);
    expect(await archive.job(jobId)).toMatchObject({ done: 1, failed: 1 });
    expect(await votes(archive, jobId)).toEqual(["ada 0 1", "ada 3 4"]);
    expect(await accept([0, "1"], [3, "4"])).toBe("stored");
    expect([...valuesOf(await archive.results(jobId, [0, 9], 9))]).toEqual([[0, "a"], [1, "first"], [3, "d"]]);
    expect(await archive.job(jobId)).toMatchObject({ done: 3, failed: 1 });
  });

  test("acceptHeld: thousands of tasks at once, of outputs small and large, in one commit", async () => {
    const { archive } = store();
    const jobId = await newJob(archive, 3_000);
    const value = (index: number) => (index % 500 === 0 ? new Uint8Array(100_000).fill(index / 500) : index);
    for (let from = 0; from < 3_000; from += 1_000) {
      const values = Array.from({ length: 1_000 }, (_, i) => value(from + i));
      await archive.saveHeld(jobId, held(ADA, from, values, "7".repeat(1_000)));
      await archive.saveHeld(jobId, held(BEN, from, values, "8".repeat(1_000)));
    }
    const odd = Array.from({ length: 1_500 }, (_, i) => 2 * i + 1);
    await archive.acceptHeld(jobId, [...odd, 500, 1_000].map((index) => ({ index, answer: answer("8") })));
    const results = valuesOf(await archive.results(jobId, [0, 3_000], 3_000));
    expect(results.size).toBe(1_502);
    for (const [index, output] of results) expect(output).toEqual(value(index));
    expect(await archive.held(jobId)).toHaveLength(2 * (3_000 - 1_502));
  });

  test("dropHeld: what one Compute Server holds of those tasks is void, or what all hold", async () => {
    const { archive } = store();
    const jobId = await newJob(archive);
    await archive.saveHeld(jobId, held(ADA, 0, [0, 1, 2, 3], "aaaa"));
    await archive.saveHeld(jobId, held(BEN, 2, [2, 3, 4], "bbb"));
    await archive.dropHeld(jobId, ADA.computeServerId, [[0, 1], [2, 3]]);
    expect(await votes(archive, jobId)).toEqual(["ada 1 a", "ada 3 a", "ben 2 b", "ben 3 b", "ben 4 b"]);
    await archive.dropHeld(jobId, "all", [[3, 50]]);
    expect(await votes(archive, jobId)).toEqual(["ada 1 a", "ben 2 b"]);
    await expectRefusal(archive.acceptHeld(jobId, [{ index: 3, answer: answer("a") }]), "not-found");
    await archive.dropHeld(jobId, ADA.computeServerId, [[0, 100]]);
    expect(await votes(await store().reopen(), jobId)).toEqual(["ben 2 b"]);
  });

  test("held: of a task that has ended nothing counts, and a job that ends holds nothing", async () => {
    const { archive } = store();
    const [jobId, other] = [await newJob(archive), await newJob(archive)];
    for (const id of [jobId, other]) await archive.saveHeld(id, held(ADA, 0, [0, 1, 2], "abc"));
    await archive.saveResults(jobId, chunkOf(0, [0]));
    await archive.saveFailure(failureOf(jobId, 2));
    expect(await votes(archive, jobId)).toEqual(["ada 1 b"]);
    await archive.setJobState(jobId, "paused", 5_000);
    expect(await votes(archive, jobId)).toEqual(["ada 1 b"]);
    await archive.setJobState(jobId, "cancelled", 5_000);
    expect(await votes(archive, jobId)).toEqual([]);
    expect(await archive.heldOutputs(jobId, [0, 100])).toEqual([]);
    expect(await votes(archive, other)).toHaveLength(3);
  });

  test("saveHeld: an unknown job, a task that the job has not, and outputs without their answers are told apart", async () => {
    const { archive } = store();
    const jobId = await newJob(archive);
    await expectRefusal(archive.saveHeld(newJobId(), held(ADA, 0, [1], "a")), "not-found");
    await expectRefusal(archive.saveHeld(jobId, held(ADA, 99, [1, 2], "aa")), "invalid-request");
    await expectRefusal(archive.saveHeld(jobId, held(ADA, 0, [1, 2], "a")), "invalid-request");
    await expectRefusal(archive.saveHeld(jobId, { ...held(ADA, 0, [1], "a"), answers: ["no digits of any kind, but thirty"] }), "invalid-request");
    await expectRefusal(archive.saveHeld(jobId, held(ADA, 0, [1], "0")), "invalid-request");
    expect(await archive.held(jobId)).toEqual([]);
  });

  test("addRuns, saveCaught: a job keeps its count of answers, and of those that gave a wrong one", async () => {
    const { archive } = store();
    const jobId = await newJob(archive);
    await Promise.all([archive.addRuns(jobId, 5), archive.saveCaught(jobId, ADA.computeServerId), archive.addRuns(jobId, 2), archive.saveCaught(jobId, BEN.computeServerId)]);
    await archive.saveCaught(jobId, ADA.computeServerId);
    expect(await archive.job(jobId)).toMatchObject({ runs: 7, caughtServers: 2 });
    await expectRefusal(archive.addRuns(newJobId(), 1), "not-found");
    expect(await (await store().reopen()).job(jobId)).toMatchObject({ runs: 7, caughtServers: 2 });
  });
}
