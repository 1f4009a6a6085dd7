import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { HubProcess } from "../e2e/hub-process.ts";
import { allResults, ended, submitRange } from "../e2e/jobs.ts";
import { launchBrowser, openHeadlessTab, until } from "../e2e/tabs.ts";

// `npm run bench`: the hub with real tabs, end to end and durable. Prints a table; each figure is a median of RUNS.

const RUNS = 3;
const TABS = 2;
const NO_OP_TASKS = 2_000_000;
const HUGE_TASKS = 10_000_000;
const SINGLE_SUBMISSIONS = 30;
const NO_OP = "export default (n) => n";

interface Row { readonly what: string; readonly figure: string }

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function residentBytes(hub: HubProcess): number {
  const line = readFileSync(`/proc/${hub.pid}/status`, "utf8").split("\n").find((text) => text.startsWith("VmRSS:"));
  return Number(line?.match(/\d+/)?.[0]) * 1024;
}

/** From the page's opening to the first result on disk: fetch, register, sandbox, run, report, commit. */
async function openToFirstResult(browser: Browser): Promise<number> {
  const hub = await HubProcess.start();
  const jobId = await submitRange(hub, "first", NO_OP, 0, 1);
  const startedAt = performance.now();
  const { context } = await openHeadlessTab(browser, hub, 1);
  await ended(hub, jobId);
  const elapsedMs = performance.now() - startedAt;
  await context.close();
  await hub.remove();
  return elapsedMs;
}

async function noOpRate(hub: HubProcess): Promise<number> {
  const startedAt = performance.now();
  const jobId = await submitRange(hub, "no-op", NO_OP, 0, NO_OP_TASKS);
  await ended(hub, jobId);
  return NO_OP_TASKS / (performance.now() - startedAt) * 1000;
}

/** Submit to result, seen by a reader of the job's events. */
async function singleTaskMs(hub: HubProcess): Promise<number> {
  const startedAt = performance.now();
  const jobId = await submitRange(hub, "single", NO_OP, 0, 1);
  const stream = await hub.client.openEvents(jobId, null);
  for await (const bytes of stream) if (new TextDecoder().decode(bytes).includes("\"state\":\"completed\"")) break;
  return performance.now() - startedAt;
}

async function hugeJob(hub: HubProcess): Promise<{ acceptedMs: number; grownBytes: number }> {
  const before = residentBytes(hub);
  const startedAt = performance.now();
  const jobId = await submitRange(hub, "huge", NO_OP, 0, HUGE_TASKS);
  const acceptedMs = performance.now() - startedAt;
  await until("a twentieth is done", () => hub.client.job(jobId), ({ tasks }) => tasks.done > HUGE_TASKS / 20);
  const grownBytes = residentBytes(hub) - before;
  await hub.client.control(jobId, "cancel");
  return { acceptedMs, grownBytes };
}

async function measure(): Promise<Row[]> {
  const browser = await launchBrowser();
  const rows: Row[] = [];
  const opens: number[] = [];
  for (let run = 0; run < RUNS; run++) opens.push(await openToFirstResult(browser));
  rows.push({ what: "page open to first result on disk", figure: `${Math.round(median(opens))} ms` });

  const hub = await HubProcess.start();
  for (let tab = 0; tab < TABS; tab++) await openHeadlessTab(browser, hub, 1);
  await noOpRate(hub); // the tabs' first sandboxes
  const rates: number[] = [];
  for (let run = 0; run < RUNS; run++) rates.push(await noOpRate(hub));
  rows.push({ what: `no-op tasks a second, ${TABS} tabs, durable`, figure: Math.round(median(rates)).toLocaleString("en") });

  const singles: number[] = [];
  for (let run = 0; run < SINGLE_SUBMISSIONS; run++) singles.push(await singleTaskMs(hub));
  rows.push({ what: "one task, submit to result", figure: `${median(singles).toFixed(1)} ms` });

  const { acceptedMs, grownBytes } = await hugeJob(hub);
  rows.push({ what: `job of ${HUGE_TASKS.toLocaleString("en")} tasks accepted`, figure: `${Math.round(acceptedMs)} ms` });
  rows.push({ what: "hub memory that it adds while it runs", figure: `${Math.round(grownBytes / 2 ** 20)} MiB` });
  rows.push({ what: "hub memory in all", figure: `${Math.round(residentBytes(hub) / 2 ** 20)} MiB` });

  const check = await submitRange(hub, "check", NO_OP, 0, 1000);
  await ended(hub, check);
  if ((await allResults(hub, check)).length !== 1000) throw new Error("Cannot trust these figures: results are missing");
  await browser.close();
  await hub.remove();
  return rows;
}

const rows = await measure();
const width = Math.max(...rows.map(({ what }) => what.length));
for (const { what, figure } of rows) console.log(`| ${what.padEnd(width)} | ${figure.padStart(10)} |`);
process.exit(0);
