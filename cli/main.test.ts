import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { HubProcess } from "../e2e/hub-process.ts";
import { ManyhandsProcess } from "./manyhands-process.test-data.ts";

// The command line against a real hub, with a real Compute Server that `manyhands join` opened.

let folder: string;
let hub: HubProcess;
let joined: ManyhandsProcess;
const running = new Set<ManyhandsProcess>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "manyhands-cli-"));
  hub = await HubProcess.start();
  joined = new ManyhandsProcess(["join", hub.url, "--slots", "1", "--name", "test-join"]);
  await joined.printed(/registered, 1 slot waits for work/);
});

afterEach(async () => {
  for (const child of running) {
    child.signal("SIGKILL");
    await child.ended();
  }
  running.clear();
});

afterAll(async () => {
  joined.signal("SIGINT");
  await joined.ended();
  await hub.remove();
  await rm(folder, { recursive: true });
});

function manyhands(args: readonly string[], stdin?: string): ManyhandsProcess {
  const child = new ManyhandsProcess([...args, "--hub", hub.url], stdin);
  running.add(child);
  return child;
}

async function jobFile(name: string, source: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, source);
  return path;
}

const linesOf = (text: string) => text.trimEnd().split("\n").map((line): unknown => JSON.parse(line));

test("run: an example over a range, every result once and in index order on standard output (R2)", async () => {
  const child = manyhands(["run", join(import.meta.dirname, "../examples/collatz/job.ts"), "--range", "1..3001"]);
  expect(await child.ended(), child.stderr).toBe(0);
  const lines = linesOf(child.stdout);
  expect(lines).toHaveLength(3000);
  expect(lines[26]).toEqual({ index: 26, output: { n: 27, steps: 111, highest: 9232 } });
  expect(lines.map((line) => (typeof line === "object" && line !== null && "index" in line ? line.index : NaN))).toEqual(Array.from({ length: 3000 }, (_, i) => i));
  expect(child.stderr).toContain("completed: 3000 of 3000 done");
});

test("run: inputs from standard input, results to a file, typed values both ways", async () => {
  const file = await jobFile("double.ts", "export default (value: bigint | Uint8Array) => typeof value === 'bigint' ? value * 2n : value.map((byte) => byte + 1);");
  const out = join(folder, "out.ndjson");
  const child = manyhands(["run", file, "--inputs", "-", "--out", out], '{"$bigint":"9007199254740993"}\n{"$bytes":"AQID"}\n');
  expect(await child.ended(), child.stderr).toBe(0);
  expect(child.stdout).toBe("");
  expect(linesOf(await readFile(out, "utf8"))).toEqual([{ index: 0, output: { $bigint: "18014398509481986" } }, { index: 1, output: { $bytes: "AgME" } }]);
});

test("run: arguments go to the module's own inputs and view", async () => {
  const file = await jobFile("args.ts", `
    export const inputs = ({ words }: { words: string[] }) => words;
    export const view = ({ words }: { words: string[] }) => ({ kind: "image", width: words.length, height: 1 });
    export default (word: string) => word.toUpperCase();`);
  const child = manyhands(["run", file, "--args", '{"words":["many","hands"]}', "--name", "shout", "--tag", "loud"]);
  expect(await child.ended(), child.stderr).toBe(0);
  expect(linesOf(child.stdout)).toEqual([{ index: 0, output: "MANY" }, { index: 1, output: "HANDS" }]);
  const { jobs } = await hub.client.jobs({ q: "shout" });
  expect(jobs[0]).toMatchObject({ name: "shout", tags: ["loud"], view: { kind: "image", width: 2, height: 1 } });
});

test("run: with a failed task it exits 1, tells the message, and gives all other results", async () => {
  const file = await jobFile("fails.ts", 'export default (n: number) => { if (n === 2) throw new RangeError("\\u001B[2Jtwo is too much"); return n; };');
  const child = manyhands(["run", file, "--range", "0..5"]);
  expect(await child.ended()).toBe(1);
  expect(linesOf(child.stdout)).toEqual([0, 1, 3, 4].map((n) => ({ index: n, output: n })));
  expect(child.stderr).toMatch(/1 task failed, the first is 2: .*two is too much/);
  expect(child.stderr).not.toContain("\u001B"); // what a job's code says steers nobody's terminal
  expect(child.stderr).toContain("failed: 4 of 5 done");
});

test("run: Ctrl-C leaves the job running and tells how to see and end it", async () => {
  const file = await jobFile("slow.ts", "export default async () => new Promise(() => {});");
  const child = manyhands(["run", file, "--range", "0..1"]);
  await child.printed(/^Job \S+: http/m);
  const jobId = /^Job (\S+):/m.exec(child.stderr)?.[1] ?? "";
  child.signal("SIGINT");
  expect(await child.ended()).toBe(130);
  expect(child.stderr).toContain(`manyhands cancel ${jobId}`);
  expect(["queued", "running"]).toContain((await hub.client.job(jobId)).state);
  const cancel = manyhands(["cancel", jobId]);
  expect(await cancel.ended(), cancel.stderr).toBe(0);
  expect(cancel.stdout).toBe("slow: cancelled\n");
});

test("submit, status, explain, results and jobs: a job in the hands of its submitter", async () => {
  const file = await jobFile("square.ts", "export default (n: number) => n * n;");
  const submitted = manyhands(["submit", file, "--range", "0..3"]);
  expect(await submitted.ended(), submitted.stderr).toBe(0);
  const jobId = submitted.stdout.trim();
  await expect.poll(async () => (await hub.client.job(jobId)).state).toBe("completed");
  const status = manyhands(["status", jobId]);
  await status.ended();
  expect(status.stdout).toMatch(/^square: completed, 100 %\n {2}tasks {5}3 in all, 0 pending, 0 running, 3 done, 0 failed\n/);
  const explain = manyhands(["explain", jobId]);
  await explain.ended();
  expect(explain.stdout).toMatch(/^square: completed\n {2}why {7}All its tasks are done\./);
  const results = manyhands(["results", jobId]);
  await results.ended();
  expect(linesOf(results.stdout)).toEqual([0, 1, 4].map((output, index) => ({ index, output })));
  const jobs = manyhands(["jobs"]);
  await jobs.ended();
  expect(jobs.stdout).toContain(`${jobId}  completed  100 %  square`);
});

test.each([
  ["a file that does not parse", ["run", "broken.ts", "--range", "0..1"], /^Cannot bundle broken\.ts:\n.*broken\.ts:1:17: Unexpected "\}"/],
  ["a range that is empty", ["run", "x.ts", "--range", "3..3"], /option '--range <a\.\.b>' argument '3\.\.3' is invalid\. It is empty/],
  ["inputs from two places", ["run", "x.ts", "--range", "0..1", "--inputs", "-"], /^Cannot take --inputs and --range together/],
  ["a capability that nobody knows", ["run", "x.ts", "--require", "wasm-smid"], /option '--require <capability>' argument 'wasm-smid' is invalid\. It is one of wasm, wasm-simd/],
  ["a job that is not there", ["status", "no-such-job"], /^Cannot .*no-such-job/],
  ["an output file that cannot be written", ["run", "x.ts", "--range", "0..1", "--out", "/no/such/folder/out"], /^Cannot write results to \/no\/such\/folder\/out: ENOENT/],
])("main: %s is told in one message, exit 1", async (_, [command = "", file = "", ...rest], message) => {
  await jobFile("broken.ts", "export default (}");
  const child = manyhands([command, file.endsWith(".ts") ? join(folder, file) : file, ...rest]);
  expect(await child.ended()).toBe(1);
  expect(child.stderr).toMatch(message);
  expect(child.stderr).not.toMatch(/^\s+at /m);
});

test("join: comes over a restart of the hub, and says goodbye at Ctrl-C", async () => {
  const file = await jobFile("again.ts", "export default (n: number) => n;");
  await hub.stop("SIGKILL");
  await hub.start();
  const child = manyhands(["run", file, "--range", "0..10"]);
  expect(await child.ended(), child.stderr).toBe(0);
  const other = new ManyhandsProcess(["join", hub.url, "--slots", "1", "--name", "short-stay"]);
  running.add(other);
  const names = async () => (await hub.client.computeServers()).computeServers.map(({ name }) => name);
  await other.printed(/registered/);
  expect(await names()).toContain("short-stay");
  other.signal("SIGINT");
  expect(await other.ended()).toBe(0);
  expect(other.stdout).toContain("Stopped.");
  expect(await names()).not.toContain("short-stay");
});
