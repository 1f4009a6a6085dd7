import { afterAll, beforeAll, expect, test } from "vitest";
import type { AnswerRules } from "../../../protocol/http/verification.ts";
import { computeServerIdSchema } from "../../../protocol/ids.ts";
import type { IndexRanges } from "../../../protocol/index-range.ts";
import type { LargeValues } from "../../../protocol/large-values.ts";
import { PackedValues, packValues } from "../../../protocol/packed-values.ts";
import { encodeValue } from "../../../protocol/value.ts";
import type { AnswerDigest } from "../../../scheduler/verification/verification.ts";
import type { StoredJob } from "../../archive/archive.ts";
import { newJobId, sampleJob } from "../../archive/contract/samples.ts";
import { assert } from "../../assert.ts";
import { VERIFICATION_LIMITS } from "../../limits.ts";
import { openTestArchive, type TestArchive } from "../archive-for-tests.ts";
import type { ReportedOutputs } from "../results-manager.ts";
import { VerifiedAnswers } from "./verified-answers.ts";

let opened: TestArchive;
beforeAll(async () => { opened = await openTestArchive(); });
afterAll(() => opened.close());

const SERVER = computeServerIdSchema.parse("server-0001");

async function newJob(compare: AnswerRules["compare"], tasks = 100_000): Promise<StoredJob> {
  const { archive } = opened;
  const job = sampleJob({ jobId: newJobId(), tasks, verification: { policy: { quorum: 2 }, compare, engines: "any" } });
  await archive.createJob(job, []);
  const stored = await archive.job(job.jobId);
  assert(stored !== undefined, "a job that was just stored is not there");
  return stored;
}

function report(from: number, values: readonly unknown[], large: LargeValues = []): ReportedOutputs {
  return { done: [[from, from + values.length]], outputs: new PackedValues(packValues(values.map(encodeValue))), large };
}

/** The answers of a report; what is held of it is in the archive and known, as the grid would have it. */
async function hear(answers: VerifiedAnswers, job: StoredJob, reported: ReportedOutputs, hold: IndexRanges = reported.done): Promise<readonly AnswerDigest[]> {
  let heard: readonly AnswerDigest[] = [];
  const saved: Promise<void>[] = [];
  await answers.answer(job, reported, (found) => {
    heard = found;
    answers.hold(job.jobId, hold, { ...reported, answers: found });
    let position = 0;
    for (const range of reported.done) {
      const chunk = { range, packed: reported.outputs.slice(position, position += range[1] - range[0]), large: reported.large };
      if (hold.length > 0) saved.push(opened.archive.saveHeld(job.jobId, { computeServerId: SERVER, volunteer: "ada", network: "here", chunk, answers: found }));
    }
  });
  await Promise.all(saved);
  return heard;
}

function begin(job: StoredJob, answered: IndexRanges = []): VerifiedAnswers {
  const answers = new VerifiedAnswers(opened.archive);
  answers.begin(job, answered);
  return answers;
}

test("VerifiedAnswers: equal outputs have equal answers, in whatever batches they come", async () => {
  const job = await newJob("exact");
  const answers = begin(job);
  const values = Array.from({ length: 300 }, (_, i) => i * 1.5);
  const whole = await hear(answers, job, report(0, values));
  expect(new Set(whole).size).toBe(300);
  expect(whole[0]).toMatch(/^[0-9a-f]{32}$/);
  const parts = [...await hear(answers, job, report(0, values.slice(0, 100))), ...await hear(answers, job, report(100, values.slice(100)))];
  expect(parts).toEqual(whole);
  const scattered: ReportedOutputs = { done: [[3, 5], [64, 128], [200, 300]], outputs: new PackedValues(packValues([...values.slice(3, 5), ...values.slice(64, 128), ...values.slice(200)].map(encodeValue))), large: [] };
  expect(await hear(answers, job, scattered, [])).toEqual([...whole.slice(3, 5), ...whole.slice(64, 128), ...whole.slice(200)]);
});

test("VerifiedAnswers: a block with one output that differs differs in that one alone", async () => {
  const job = await newJob("exact");
  const answers = begin(job);
  const values = Array.from({ length: 128 }, (_, i) => i);
  const right = await hear(answers, job, report(0, values));
  const wrong = await hear(answers, job, report(0, values.with(70, -1)));
  expect(wrong.flatMap((answer, i) => (answer === right[i] ? [] : [i]))).toEqual([70]);
});

test("VerifiedAnswers: as sets, lists answer the same in any order", async () => {
  const job = await newJob("set");
  const answers = begin(job);
  const [one, other, less] = await hear(answers, job, report(0, [[3, 1, 2], [1, 2, 3], [1, 2]]));
  expect(one).toBe(other);
  expect(less).not.toBe(one);
});

test("VerifiedAnswers: an output is compared with the first of each answer, so that the chain of close ones ends", async () => {
  const job = await newJob({ absolute: 1 });
  const answers = begin(job);
  const heard: AnswerDigest[] = [];
  for (const value of [10, 10.8, 11.6, 10.9, 12.4, 9.1]) heard.push(...await hear(answers, job, report(0, [value])));
  const [first, near, far, nearFirst, nearFar, nearAgain] = heard;
  expect([near, nearFirst, nearAgain]).toEqual([first, first, first]); // 10.8, 10.9 and 9.1 are close to 10
  expect(far).not.toBe(first); // 11.6 is close to 10.8, which is not what it is compared with
  expect(nearFar).toBe(far); // 12.4 to 11.6
});

test("VerifiedAnswers: what is not in memory is compared with what the archive holds, after a restart too", async () => {
  const job = await newJob({ relative: 0.01 });
  const first = await hear(begin(job), job, report(5, [{ at: [100, NaN] }, "b", [1]]));
  const later = begin(job, [[5, 8]]);
  expect(await hear(later, job, report(5, [{ at: [100.5, NaN] }, "b", [2]]))).toEqual([first[0], first[1], expect.not.stringMatching(first[2] ?? "")]);
});

test("VerifiedAnswers: more outputs than are kept in memory are compared all the same", async () => {
  const job = await newJob({ absolute: 0.5 });
  const answers = begin(job);
  const value = (index: number, by: number) => [new Uint8Array(600_000), index + by];
  const count = Math.ceil(VERIFICATION_LIMITS.keptBytes / 600_000) + 10;
  const first: AnswerDigest[] = [];
  for (let index = 0; index < count; index++) first.push(...await hear(answers, job, report(index, [value(index, 0)])));
  for (let index = 0; index < count; index += 7) expect(await hear(answers, job, report(index, [value(index, 0.25)]), [])).toEqual([first[index]]);
}, 60_000);

test("VerifiedAnswers: a void answer is not compared with, a dropped one's others are", async () => {
  const job = await newJob({ absolute: 1 });
  const answers = begin(job);
  const [lie] = await hear(answers, job, report(0, [1_000]));
  await opened.archive.dropHeld(job.jobId, SERVER, [[0, 1]]);
  answers.drop(job.jobId, [[0, 1]]);
  const [honest] = await hear(answers, job, report(0, [1_000.5]));
  expect(honest).not.toBe(lie);
  expect(await hear(answers, job, report(0, [1_001]))).toEqual([honest]);
});

test("VerifiedAnswers: reports of one job that come at once are compared one after the other", async () => {
  const job = await newJob({ absolute: 1 });
  const answers = begin(job);
  const all = await Promise.all([5, 5.5, 4.5, 5.25].map((value) => hear(answers, job, report(0, [value]))));
  expect(new Set(all.flat()).size).toBe(1);
});

test("VerifiedAnswers: large outputs are compared by value up to a bound, past it by their bytes", async () => {
  const { archive } = opened;
  const job = await newJob("exact");
  const close = await newJob({ absolute: 1 });
  const answers = begin(job);
  answers.begin(close, []);
  const large = async (index: number, encoded: Uint8Array): Promise<LargeValues[number]> => ({ index, blobId: await archive.saveBlob(encoded), bytes: encoded.byteLength });
  const empty = (values: LargeValues): ReportedOutputs => ({ done: [[0, values.length]], outputs: new PackedValues(packValues(values.map(() => new Uint8Array(0)))), large: values });
  const small = encodeValue(new Float64Array(20_000).fill(0.5));
  // The same array under a head of 16 bits would not fit: a NaN of other bits is the other spelling.
  const nan = (bits: bigint) => encodeValue(new Float64Array(new BigUint64Array(20_000).fill(bits).buffer));
  const [a, b, c] = await hear(answers, job, empty([await large(0, small), await large(1, nan(0x7ff8_0000_0000_0000n)), await large(2, nan(0x7ff8_0000_0000_0001n))]));
  expect(a).not.toBe(b);
  expect(b).toBe(c);
  const near = encodeValue(new Float64Array(20_000).fill(1.25));
  const ofClose = await hear(answers, close, empty([await large(0, small)]));
  expect(await hear(answers, close, empty([await large(0, near)]))).toEqual(ofClose);
  const past = encodeValue(new Float64Array(VERIFICATION_LIMITS.comparedBytes / 8).fill(0.5));
  const pastLarge = await large(0, past);
  const [long] = await hear(answers, job, empty([pastLarge]));
  expect(long).toBe(pastLarge.blobId.slice(0, 32));
});
