import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readResults, resultsPage, saveResult } from "./report.ts";
import { benchmarkResultSchema, type BenchmarkResult } from "./result.ts";
import { table } from "./table.ts";

const MACHINE = { cpu: "Some CPU", cores: 2, memoryGiB: 8, system: "Some Linux", node: "v24.9.0", browser: "Chromium 156", loadBefore: 0.25 };

/** Several processes start one after the other. */
const LONG_MS = 300_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "manyhands-bench-test-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function bench(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, "main.ts"), ...args]);
  return stdout;
}

test("npm run bench -- ideal --quick: a real hub and synthetic Compute Servers give a table, and the same as JSON", async () => {
  const printed = await bench("ideal", "--quick", "--out", folder);
  const result = benchmarkResultSchema.parse(JSON.parse(await readFile(join(folder, "ideal.json"), "utf8")));
  expect(result).toMatchObject({ name: "ideal", command: "npm run bench -- ideal --quick", quick: true, machine: { node: process.version } });
  expect(printed).toContain(table(result.rows));
  const [goingOn, whole, connect] = result.rows.map(({ ours }) => ours);
  expect(goingOn).toHaveLength(1);
  // Ten servers cannot do more than ten tasks a second, whatever the machine does meanwhile.
  expect(goingOn?.[0]).toBeGreaterThan(0);
  expect(goingOn?.[0]).toBeLessThanOrEqual(10);
  expect(whole?.[0]).toBeLessThanOrEqual(10);
  expect(connect?.[0]).toBeGreaterThan(0);
}, LONG_MS);

test("npm run bench -- connections --quick: who dies or falls silent is noticed and taken back", async () => {
  await bench("connections", "--quick", "--out", folder);
  const { rows } = benchmarkResultSchema.parse(JSON.parse(await readFile(join(folder, "connections.json"), "utf8")));
  const figure = (what: string) => rows.find((row) => row.what.includes(what))?.ours[0];
  expect(figure("connect and register")).toBeGreaterThan(0);
  // Frozen at a moment within a heartbeat, each is noticed after the lease less that heartbeat, and not before.
  expect(figure("fall silent at once: all noticed")).toBeGreaterThan(2);
  expect(figure("taken back after their leases")).toBeGreaterThan(0);
}, LONG_MS);

test("npm run bench: an unknown benchmark is refused, with the names of those that are there", async () => {
  await expect(bench("speed")).rejects.toThrow(/throughput, ideal, latency, compute, connections, large, restart/);
});

test("table: medians, the ratio by which ours is better, and whether the target is met", () => {
  const text = table([
    { what: "rate", unit: "tasks/s", better: "more", ours: [1, 300_000, 250_000], peer: { name: "Peer", figures: [50_000, 100] }, target: 250_000 },
    { what: "wait", unit: "ms", better: "less", ours: [20], peer: { name: "Peer", figures: [10], source: "published" }, target: 5 },
  ]);
  expect(text.split("\n").map((line) => line.replaceAll(/ +/g, " "))).toEqual([
    "| what | ours | peer | ratio | target |",
    expect.stringMatching(/^\|-+\|-+:\|-+:\|-+:\|-+:\|$/),
    "| rate | 250,000 tasks/s | Peer: 25,050 tasks/s | 9.98 × | ≥ 250,000 tasks/s, met |",
    "| wait | 20 ms | Peer (published): 10 ms | 0.5 × | ≤ 5 ms, missed |",
  ]);
});

test("resultsPage: every result that was written, in the benchmarks' order, with machine, date and command", async () => {
  const result = (name: string): BenchmarkResult => ({
    name, title: `Title of ${name}`, command: `npm run bench -- ${name}`, date: "2026-01-02T03:04:05.678Z", quick: false, machine: MACHINE,
    rows: [{ what: `what ${name} measures`, unit: "s", better: "less", ours: [1] }], notes: [`a note on ${name}`],
  });
  const pageFolder = join(folder, "page");
  await saveResult(pageFolder, result("second"));
  await saveResult(pageFolder, result("first"));
  const page = resultsPage(await readResults(pageFolder, ["first", "never-run", "second"]));
  expect(page.indexOf("Title of first")).toBeGreaterThan(0);
  expect(page.indexOf("Title of second")).toBeGreaterThan(page.indexOf("a note on first"));
  expect(page).toContain("`npm run bench -- first`, 2026-01-02 03:04 UTC. 2 × Some CPU, 8 GiB, Some Linux, Node 24.9.0, Chromium 156; load 0.3 before it began.");
});
