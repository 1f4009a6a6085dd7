import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { View } from "../../protocol/http/view.ts";
import { FIRST_ANSWER } from "../../protocol/http/verification.ts";
import { executableIdSchema, jobIdSchema, ownerSchema, type JobId } from "../../protocol/ids.ts";
import { packValues } from "../../protocol/packed-values.ts";
import { encodeValue } from "../../protocol/value.ts";
import type { NewJob, ResultsArchive, StoredJob } from "../archive/archive.ts";
import { openSqliteArchive } from "../archive/sqlite/sqlite-archive.ts";
import { assert } from "../assert.ts";
import type { Grid, JobChange, JobListener } from "../grid/grid.ts";

const OWNER = ownerSchema.parse("ada");
const SOURCE = new TextEncoder().encode("export default (n) => n;");
const EXECUTABLE_ID = executableIdSchema.parse(createHash("sha256").update(SOURCE).digest("hex"));

/** A real archive in a folder of its own, with what tests of results put into it. */
export interface TestArchive {
  readonly archive: ResultsArchive;
  readonly dataDir: string;
  /** Stores a running job. */
  job(jobId: string, tasks: number, options?: { readonly view?: View; readonly name?: string; readonly email?: string }): Promise<StoredJob>;
  /** Stores outputs of consecutive tasks. */
  outputs(jobId: JobId, from: number, outputs: readonly unknown[]): Promise<void>;
  failure(jobId: JobId, index: number, message: string): Promise<void>;
  /** The same data, opened anew. */
  reopen(): Promise<TestArchive>;
  close(): Promise<void>;
}

export async function openTestArchive(folder?: string): Promise<TestArchive> {
  const dataDir = folder ?? (await mkdtemp(join(tmpdir(), "manyhands-results-")));
  const archive = await openSqliteArchive({ dataDir });
  return {
    archive,
    dataDir,
    async job(jobId, tasks, { view, name, email } = {}) {
      await archive.saveExecutable(EXECUTABLE_ID, OWNER, SOURCE, 1_000);
      const job: NewJob = {
        jobId: jobIdSchema.parse(jobId), name: name ?? "a job", owner: OWNER, executableId: EXECUTABLE_ID, tasks,
        inputs: { kind: "range", start: 0, step: 1 }, argsJson: null, view: view ?? null, priority: 0, maxAttempts: 3,
        taskTimeoutMs: 60_000, policy: null, requires: null, verification: FIRST_ANSWER, tags: [], public: true, shareKey: null, notifyEmail: email ?? null, createdAtMs: 1_000,
      };
      await archive.createJob(job, []);
      await archive.setJobState(job.jobId, "running", 2_000);
      const stored = await archive.job(job.jobId);
      assert(stored !== undefined, "a job that was just stored is not there");
      return stored;
    },
    async outputs(jobId, from, outputs) {
      const packed = packValues(outputs.map(encodeValue));
      await archive.saveResults(jobId, { range: [from, from + outputs.length], packed, large: [] });
    },
    failure: (jobId, index, message) => archive.saveFailure({ jobId, index, message, stack: `at task ${index}`, attempts: 3, atMs: 3_000 }),
    async reopen() {
      await archive.close();
      return openTestArchive(dataDir);
    },
    async close() {
      await archive.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The changes that a grid would tell of, told by a test. */
export class ChangeFeed {
  readonly #listeners = new Set<JobListener>();

  readonly onChange: Grid["onChange"] = (_, listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get listeners(): number {
    return this.#listeners.size;
  }

  tell(jobId: JobId, change: JobChange): void {
    for (const listener of this.#listeners) listener(jobId, change);
  }
}
