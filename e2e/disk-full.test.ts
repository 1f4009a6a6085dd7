import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import { encodeValue } from "../protocol/value.ts";
import { packValues } from "../protocol/packed-values.ts";
import { TestTab } from "../server/compute-link/test-tab.ts";
import { HubProcess } from "./hub-process.ts";
import { until } from "./tabs.ts";

// A disk of its own, so small that a test can fill it: memory, mounted as a file system. Where this user may not mount,
// the reserve alone is tried, on the disk that is there; that a full database waits and loses nothing is then held by
// server/archive/sqlite/group-commit.test.ts alone.

const MIB = 1024 * 1024;
const DISK_MIB = 32;
const OUTPUT_BYTES = 60_000;

const run = promisify(execFile);
const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

/** Answers where it is mounted, or null where that is not allowed. */
async function smallDisk(): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), "manyhands-disk-"));
  cleanUp.push(() => rm(folder, { recursive: true, force: true }));
  try {
    await run("mount", ["-t", "tmpfs", "-o", `size=${DISK_MIB}m`, "tmpfs", folder]);
  } catch {
    return null;
  }
  cleanUp.push(() => run("umount", [folder]));
  return folder;
}

async function hubOn(folder: string, minFree: string): Promise<HubProcess> {
  // The last `--data` counts.
  const hub = await HubProcess.start("--data", join(folder, "data"), "--min-free", minFree, "--log-level", "info");
  cleanUp.push(() => hub.remove());
  return hub;
}

const submit = (hub: HubProcess, tasks: number) => fetch(`${hub.url}/api/jobs`, {
  method: "POST", headers: { "content-type": "application/json" },
  body: JSON.stringify({ name: "filler", executable: { source: "export default (n) => n" }, inputs: { range: { start: 0, end: tasks } } }),
});
const readiness = async (hub: HubProcess): Promise<unknown> => (await fetch(`${hub.url}/readyz`)).json();

test("--min-free: submissions are refused with 507 before the disk is full, in words and in /readyz, and taken again later", async () => {
  const folder = await mkdtemp(join(tmpdir(), "manyhands-reserve-"));
  cleanUp.push(() => rm(folder, { recursive: true, force: true }));
  const hub = await hubOn(folder, "1000T");
  const refused = await submit(hub, 10);
  expect(refused.status).toBe(507);
  expect(await refused.json()).toMatchObject({ limit: "minFreeBytes", detail: expect.stringMatching(/^Cannot take this: the disk .* Try again/) });
  expect(await readiness(hub)).toEqual({ status: "ok", disk: "low" });
  const metrics = await (await fetch(`${hub.url}/metrics`)).text();
  expect(metrics).toContain("manyhands_disk_low 1\n");
  expect(metrics).toContain('manyhands_refusals_total{limit="minFreeBytes"} 1');
});

test("a full disk: what runs goes on, nothing is acknowledged that is not on disk, nothing is lost, and all is written when there is space (R1, R2, R3)", async () => {
  const folder = await smallDisk();
  if (folder === null) return expect(process.getuid?.()).not.toBe(0);
  const ballast = join(folder, "ballast");
  await writeFile(ballast, new Uint8Array(12 * MIB));
  const hub = await hubOn(folder, "2M");
  const tasks = 300; // 18 MB, which is more than there is beside the ballast
  const submitted = await submit(hub, tasks);
  expect(submitted.status).toBe(202);
  const { jobId } = await hub.client.jobs().then(({ jobs: [job] }) => job ?? { jobId: "" });
  const tab = await TestTab.join(Number(new URL(hub.url).port), { slots: 8 });
  const output = encodeValue("x".repeat(OUTPUT_BYTES));
  let sequence = 0;
  let reported = 0;
  const acknowledged = () => Math.max(0, ...tab.all("acknowledge").map(({ upTo }) => upTo));
  const seen = new Set<number>();
  const answerAll = async () => {
    // A tab keeps what is not acknowledged and waits, past its own limit; so does this one.
    for (const assign of tab.all("assign")) {
      if (seen.has(assign.batchId) || sequence - acknowledged() > 64) continue;
      seen.add(assign.batchId);
      for (const [from, to] of assign.ranges) {
        for (let index = from; index < to; index++) {
          tab.report(assign, ++sequence, [[index, index + 1]], { outputs: packValues([output]) });
          reported++;
        }
      }
    }
    return Promise.resolve(reported);
  };
  await until("the disk is full", async () => {
    await answerAll();
    return hub.output.includes("the disk is full");
  }, (full) => full);

  // People still see their jobs, and are told why nothing more is taken.
  expect((await hub.client.job(jobId)).tasks.total).toBe(tasks);
  expect((await submit(hub, 10)).status).toBe(507);
  expect(await readiness(hub)).toEqual({ status: "ok", disk: "low" });
  expect(acknowledged()).toBeLessThan(sequence);
  const onDisk = (await hub.client.job(jobId)).tasks.done;
  await rm(ballast);
  await until("everything is acknowledged", async () => {
    await answerAll();
    return [acknowledged(), sequence, reported];
  }, ([upTo, sent, all]) => upTo === sent && all === tasks);
  await until("the job has ended", async () => (await hub.client.job(jobId)).state, (state) => state === "completed");
  expect((await hub.client.job(jobId)).tasks.done).toBeGreaterThan(onDisk);
  await until("submissions are taken again", async () => (await submit(hub, 10)).status, (status) => status === 202);
  expect(await readiness(hub)).toEqual({ status: "ok", disk: "ok" });
  expect(hub.output.match(/Cannot write to the archive: the disk is full/g)).toHaveLength(1);

  await hub.stop("SIGKILL");
  await hub.start();
  const lines = await hub.client.resultsPage(jobId, {});
  expect(lines.map(({ index }) => index)).toEqual(Array.from({ length: tasks }, (_, index) => index));
});
