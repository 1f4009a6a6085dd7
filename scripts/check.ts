import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import { ensureBrowser, ensureFirefox } from "./ensure-browser.ts";

// Types, lint with layers and cycles, unused code, then every test on real parts. Each check counts as one test;
// the last line is "N passed, N failed". `npm test -- PATTERN` runs only the tests whose files match.

const root = join(import.meta.dirname, "..");
const bin = (name: string) => join(root, "node_modules", ".bin", name);
const TYPE_PROJECTS = ["protocol", "scheduler", "worker", "worker/host", "worker/tsconfig.test.json", "client", "."];
const reportSchema = z.object({ numPassedTests: z.int(), numFailedTests: z.int(), numPendingTests: z.int(), numTotalTests: z.int(), numFailedTestSuites: z.int() });

const FIREFOX_TESTS = "e2e/hostile/firefox.test.ts";

let passed = 0;
let failed = 0;

function check(name: string, command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  console.log(`${status === 0 ? "✓" : "✗"} ${name}`);
  if (status === 0) passed++;
  else failed++;
}

function runTests(browser: string, firefox: string | null, patterns: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), "manyhands-test-"));
  const report = join(folder, "report.json");
  const { status } = spawnSync(bin("vitest"), ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...(firefox === null ? ["--exclude", FIREFOX_TESTS] : []), ...patterns], {
    cwd: root, stdio: "inherit", env: { ...process.env, MANYHANDS_BROWSER: browser, ...(firefox === null ? {} : { MANYHANDS_FIREFOX: firefox }) },
  });
  const result = reportSchema.parse(JSON.parse(readFileSync(report, "utf8")));
  rmSync(folder, { recursive: true });
  passed += result.numPassedTests;
  // A skipped test is a failing one, and so is a file that could not be run or an error outside any test.
  const notPassed = result.numTotalTests - result.numPassedTests + (result.numFailedTests === 0 ? result.numFailedTestSuites : 0);
  failed += notPassed === 0 && status !== 0 ? 1 : notPassed;
}

const browser = await ensureBrowser();
const firefox = await ensureFirefox();
check("build of the browser side", process.execPath, ["scripts/build-browser.ts", "--if-stale"]);
for (const project of TYPE_PROJECTS) check(`types of ${project}`, bin("tsc"), ["-p", project]);
check("lint, layers and cycles", bin("oxlint"), ["-c", ".oxlintrc.jsonc", "--type-aware", "--quiet"]);
check("nothing unused", bin("knip"), []);
runTests(browser, firefox, process.argv.slice(2));

const notRun = firefox === null ? ` (not run: ${FIREFOX_TESTS}, for want of a Firefox; install one, or set MANYHANDS_FIREFOX to its path)` : "";
console.log(`${passed} passed, ${failed} failed${notRun}`);
process.exitCode = failed === 0 ? 0 : 1;
