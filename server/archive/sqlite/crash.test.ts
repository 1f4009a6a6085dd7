import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { blobIdSchema, jobIdSchema } from "../../../protocol/ids.ts";
import { countIndexes } from "../../../protocol/index-range.ts";
import type { ResultsArchive } from "../archive.ts";
import { expectRefusal, outcomeOf, valuesOf } from "../contract/expectations.ts";
import { openSqliteArchive } from "./sqlite-archive.ts";

const ROUNDS = 10;
/** A round is killed so many acknowledged writes later than the one before it; the first at its first. */
const LATER = 30;
const WRITER = fileURLToPath(new URL("crash-writer.ts", import.meta.url));

let dataDir = "";
beforeEach(async () => { dataDir = await mkdtemp(join(tmpdir(), "manyhands-crash-")); });
afterEach(() => rm(dataDir, { recursive: true }));

/** The acknowledged writes of one writer, by kind, in whole lines. `stopAt` lines after its start it is killed. */
async function runWriter(round: number, stopAt: number, shellPrefix = ""): Promise<readonly string[][]> {
  // Once `exec` has replaced the shell, its process id is the writer's own.
  const child = spawn("/bin/sh", ["-c", `${shellPrefix}exec "$0" "$@"`, process.execPath, WRITER, dataDir, String(round)], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const lines: string[][] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line.split(" "));
    if (lines.length === stopAt) child.kill("SIGKILL");
  }
  await exited;
  return lines;
}

async function expectStored(archive: ResultsArchive, [kind, id = "", from = ""]: readonly string[]): Promise<void> {
  const index = Number(from);
  switch (kind) {
    case "job":
      expect(await archive.job(jobIdSchema.parse(id))).toBeDefined();
      break;
    case "results": {
      const values = valuesOf(await archive.results(jobIdSchema.parse(id), [index, index + 3], 3));
      expect(values).toEqual(new Map([0, 1, 2].map((i) => [index + i, index + i])));
      break;
    }
    case "held": {
      // Both answers to each of the three tasks, or what they became: never some of both.
      const [held, results] = [await archive.heldOutputs(jobIdSchema.parse(id), [index, index + 3]), await archive.results(jobIdSchema.parse(id), [index, index + 3], 3)];
      expect([[6, 0], [0, 3]]).toContainEqual([held.length, valuesOf(results).size]);
      break;
    }
    case "failure":
      expect(await archive.failures(jobIdSchema.parse(id), [index, index + 1], 1)).toHaveLength(1);
      break;
    case "inputs":
      expect([...valuesOf(await archive.inputs(jobIdSchema.parse(id), [0, 20])).keys()]).toHaveLength(20);
      break;
    case "blob":
      expect(await archive.hasBlob(blobIdSchema.parse(id))).toBe(true);
      break;
    default:
      throw new Error(`Cannot check "${kind}": the writer prints no such line`);
  }
}

/** What has to fit together whatever the last commit was. */
async function expectConsistent(archive: ResultsArchive, round: number): Promise<void> {
  const jobs = (await archive.unfinishedJobs()).filter(({ jobId }) => jobId.split("-")[1] === String(round));
  for (const job of jobs) {
    const { done, failed } = await archive.taskEnds(job.jobId);
    expect([job.done, job.failed]).toEqual([countIndexes(done), failed.length]);
    if (job.inputs.kind === "values") expect(valuesOf(await archive.inputs(job.jobId, [0, job.tasks])).size).toBe(job.tasks);
  }
}

function orphanedInputs(): unknown {
  const database = new DatabaseSync(join(dataDir, "manyhands.sqlite"));
  try {
    return database.prepare("SELECT count(*) AS orphans FROM inputs WHERE job_id NOT IN (SELECT job_id FROM jobs)").get()?.["orphans"];
  } finally {
    database.close();
  }
}

test("openSqliteArchive: after kill -9, many times over, all that was acknowledged is there, once (R1, R2, R3)", async () => {
  const acknowledged: string[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const lines = await runWriter(round, 1 + round * LATER);
    expect(lines.length).toBeGreaterThanOrEqual(1 + round * LATER);
    acknowledged.push(...lines);
    const archive = await openSqliteArchive({ dataDir });
    await Promise.all(lines.map((line) => expectStored(archive, line)));
    await expectConsistent(archive, round);
    await archive.close();
    expect(orphanedInputs()).toBe(0);
  }
  const archive = await openSqliteArchive({ dataDir });
  await Promise.all(acknowledged.map((line) => expectStored(archive, line)));
  await archive.close();
  expect(new Set(acknowledged.map(([kind]) => kind))).toEqual(new Set(["job", "results", "held", "failure", "inputs", "blob"]));
}, 300_000);

test("openSqliteArchive: a failing disk ends it by onFatal, and what was acknowledged before is there (R3)", async () => {
  // No file may grow past 8 MiB: SQLite's writes then fail with EFBIG, which is no full disk.
  const lines = await runWriter(0, Number.POSITIVE_INFINITY, "ulimit -f 16384; ");
  expect(lines.at(-1)?.join(" ")).toMatch(/^fatal Cannot use the archive: it has failed: .*Start the hub again/s);
  const archive = await openSqliteArchive({ dataDir });
  await Promise.all(lines.slice(0, -1).map((line) => expectStored(archive, line)));
  await expectConsistent(archive, 0);
  await archive.close();
});

test("openSqliteArchive: a folder in use by another process is refused until that one is gone", async () => {
  const child = spawn(process.execPath, [WRITER, dataDir, "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  await once(createInterface({ input: child.stdout }), "line");
  await expectRefusal(openSqliteArchive({ dataDir }), "conflict");
  await expect(openSqliteArchive({ dataDir })).rejects.toThrow(`Cannot open the data folder ${dataDir}: another process is using it.`);
  child.kill("SIGKILL");
  await exited;
  const archive = await openSqliteArchive({ dataDir });
  expect(await outcomeOf(openSqliteArchive({ dataDir }))).toBe("conflict");
  expect(await archive.unfinishedJobs()).not.toHaveLength(0);
  await archive.close();
});
