import fc from "fast-check";
import { expect, test } from "vitest";
import type { JobState } from "../../../protocol/http/job.ts";
import type { JobId } from "../../../protocol/ids.ts";
import { countIndexes } from "../../../protocol/index-range.ts";
import type { ResultsArchive } from "../archive.ts";
import type { ContractStore } from "./contract-store.ts";
import { outcomeOf, valuesOf } from "./expectations.ts";
import { chunkOf, failureOf, newJobId, sampleJob } from "./samples.ts";

const TASKS = 24;
const UNKNOWN_JOB = 2;

type Step =
  | { readonly do: "results"; readonly job: number; readonly from: number; readonly count: number }
  | { readonly do: "failure"; readonly job: number; readonly index: number; readonly message: string }
  | { readonly do: "forget"; readonly job: number }
  | { readonly do: "state"; readonly job: number; readonly state: JobState }
  | { readonly do: "read"; readonly job: number; readonly from: number; readonly count: number };

const job = fc.integer({ min: 0, max: UNKNOWN_JOB });
const index = fc.integer({ min: 0, max: TASKS + 1 });
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("results" as const), job, from: index, count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("failure" as const), job, index, message: fc.constantFrom("a", "b") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("forget" as const), job }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("state" as const), job, state: fc.constantFrom<JobState>("running", "paused", "completed") }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("read" as const), job, from: fc.integer({ min: 0, max: TASKS - 1 }), count: fc.integer({ min: 1, max: 9 }) }) },
);

/** What one job should hold. */
class ModelJob {
  readonly results = new Map<number, string>();
  readonly failures = new Map<number, string>();
  state: JobState = "queued";

  accept(from: number, count: number, store: (index: number) => void): string {
    if (from + count > TASKS) return "invalid-request";
    const indexes = Array.from({ length: count }, (_, i) => from + i);
    if (indexes.some((i) => this.results.has(i) || this.failures.has(i))) return "conflict";
    indexes.forEach(store);
    return "stored";
  }

  read(from: number, to: number): [number, string][] {
    return [...this.results].filter(([i]) => i >= from && i < to).sort(([a], [b]) => a - b);
  }
}

/** Does a step on the model: what the archive should answer. */
function onModel(models: readonly ModelJob[], step: Step, label: string): unknown {
  const model = models[step.job];
  if (step.do === "read") return model?.read(step.from, step.from + step.count) ?? [];
  if (model === undefined) return "not-found";
  switch (step.do) {
    case "results": return model.accept(step.from, step.count, (i) => model.results.set(i, `${label}/${i}`));
    case "failure": return model.accept(step.index, 1, (i) => model.failures.set(i, step.message));
    case "forget":
      model.failures.clear();
      return "stored";
    case "state":
      model.state = step.state;
      return "stored";
  }
}

async function onArchive(archive: ResultsArchive, jobId: JobId, step: Step, label: string): Promise<unknown> {
  switch (step.do) {
    case "results":
      return outcomeOf(archive.saveResults(jobId, chunkOf(step.from, Array.from({ length: step.count }, (_, i) => `${label}/${step.from + i}`))));
    case "failure": return outcomeOf(archive.saveFailure(failureOf(jobId, step.index, step.message)));
    case "forget": return outcomeOf(archive.forgetFailures(jobId));
    case "state": return outcomeOf(archive.setJobState(jobId, step.state, 5_000));
    case "read": return [...valuesOf(await archive.results(jobId, [step.from, step.from + step.count], TASKS))];
  }
}

async function expectSame(archive: ResultsArchive, jobId: JobId, model: ModelJob): Promise<void> {
  const { done, failed } = await archive.taskEnds(jobId);
  expect(countIndexes(done)).toBe(model.results.size);
  expect(failed).toEqual([...model.failures.keys()].sort((a, b) => a - b));
  expect(await archive.job(jobId)).toMatchObject({ state: model.state, done: model.results.size, failed: model.failures.size });
  expect([...valuesOf(await archive.results(jobId, [0, TASKS], TASKS))]).toEqual(model.read(0, TASKS));
  const groups = await archive.failureGroups(jobId, 9);
  for (const { message, count, firstIndex } of groups) {
    const same = [...model.failures].filter(([, of]) => of === message).map(([i]) => i);
    expect([count, firstIndex]).toEqual([same.length, Math.min(...same)]);
  }
  expect(groups).toHaveLength(new Set(model.failures.values()).size);
}

export function modelContract(store: () => ContractStore): void {
  test("ResultsArchive: any calls, all at once, end as they would one after the other (R2, R3)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(stepArbitrary, { minLength: 1, maxLength: 60 }), fc.boolean(), async (steps, reopen) => {
        const { archive } = store();
        const jobIds = [newJobId(), newJobId(), newJobId()];
        const models = [new ModelJob(), new ModelJob()];
        const created = jobIds.slice(0, UNKNOWN_JOB).map((jobId) => archive.createJob(sampleJob({ jobId, tasks: TASKS }), []));
        const answers = steps.map((step, i) => onArchive(archive, jobIds[step.job] ?? newJobId(), step, `step ${i}`));
        await Promise.all(created);
        expect(await Promise.all(answers)).toEqual(steps.map((step, i) => onModel(models, step, `step ${i}`)));
        const reader = reopen ? await store().reopen() : archive;
        for (const [i, model] of models.entries()) await expectSame(reader, jobIds[i] ?? newJobId(), model);
      }),
      { numRuns: 80 },
    );
  });
}
