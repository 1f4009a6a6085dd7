import { writeSync } from "node:fs";
import { argv } from "node:process";
import * as z from "zod/mini";
import { computeServerIdSchema, jobIdSchema } from "../../../protocol/ids.ts";
import { chunkOf, failureOf, sampleJob } from "../contract/samples.ts";
import { openSqliteArchive } from "./sqlite-archive.ts";

// A process for crash.test.ts to kill: it writes without end, and prints each write once it is acknowledged.
//   node crash-writer.ts DATA_DIR ROUND

const [dataDir, round] = z.tuple([z.string(), z.coerce.number()]).parse(argv.slice(2));
const TASKS = 1_000_000;
const WRITERS = 8;
const CHUNKS_OF_INPUTS = 20;

const archive = await openSqliteArchive({
  dataDir,
  onFatal: (error) => {
    print("fatal", error.message);
    process.exit(3);
  },
});
const results = sampleJob({ jobId: jobIdSchema.parse(`results-${round}`), tasks: TASKS, notifyEmail: "ann@example.org" });
await archive.createJob(results, []);
print("job", results.jobId);

function print(...words: readonly (string | number)[]): void {
  writeSync(1, `${words.join(" ")}\n`);
}

/** Each writer ends tasks of a stretch of its own, and prints them once the archive has them. */
async function writeEnds(writer: number): Promise<never> {
  const first = writer * (TASKS / WRITERS);
  for (let from = first; ; from += 4) {
    await archive.saveResults(results.jobId, chunkOf(from, [from, from + 1, from + 2]));
    print("results", results.jobId, from);
    await archive.saveFailure(failureOf(results.jobId, from + 3));
    print("failure", results.jobId, from + 3);
  }
}

/** Jobs whose inputs take many commits: a kill finds one of them half stored. */
async function writeJobs(): Promise<never> {
  for (let n = 0; ; n++) {
    const job = sampleJob({ jobId: jobIdSchema.parse(`inputs-${round}-${n}`), inputs: { kind: "values" }, tasks: CHUNKS_OF_INPUTS });
    await archive.createJob(job, Array.from({ length: CHUNKS_OF_INPUTS }, (_, i) => chunkOf(i, [new Uint8Array(100_000).fill(i)])));
    print("inputs", job.jobId);
  }
}

/** Outputs that wait, by two Compute Servers, and are accepted: a kill finds some of them on one side or the other. */
async function writeHeld(): Promise<never> {
  const held = sampleJob({ jobId: jobIdSchema.parse(`waiting-${round}`), tasks: TASKS });
  await archive.createJob(held, []);
  for (let from = 0; ; from += 3) {
    const answers = [1, 2, 3].map((digit) => String(digit).repeat(32));
    for (const name of ["server-of-ada", "server-of-ben"]) {
      await archive.saveHeld(held.jobId, { computeServerId: computeServerIdSchema.parse(name), volunteer: name, network: "here", chunk: chunkOf(from, [from, from + 1, from + 2]), answers });
    }
    print("held", held.jobId, from);
    await archive.acceptHeld(held.jobId, answers.map((answer, i) => ({ index: from + i, answer })));
    print("results", held.jobId, from);
  }
}

async function writeBlobs(): Promise<never> {
  for (let n = 0; ; n++) print("blob", await archive.saveBlob(new TextEncoder().encode(`blob ${n} of round ${round}`)));
}

await Promise.all([...Array.from({ length: WRITERS }, (_, writer) => writeEnds(writer)), writeJobs(), writeHeld(), writeBlobs()]);
