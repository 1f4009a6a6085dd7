import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HubClient } from "../sdk/hub-client.ts";
import { freePort, HubProcess } from "./hub-process.ts";
import { until } from "./tabs.ts";

const MAIN = join(import.meta.dirname, "../server/main.ts");
const NEWER_SCHEMA = 77;
/** Of a hub that goes on. */
const ANSWERS = 20;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "manyhands-start-"));
});
afterAll(() => rm(folder, { recursive: true }));

function spawnHub(args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, "--no-open", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const printed = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => { printed.stdout += text; });
  child.stderr.setEncoding("utf8").on("data", (text: string) => { printed.stderr += text; });
  return { child, printed };
}

/** Starts a hub that ends by itself. */
async function run(...args: string[]): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const { child, printed } = spawnHub(args);
  await once(child, "close");
  return { exitCode: child.exitCode, ...printed };
}

/** One clear line that says what cannot be done and what to do next, and an exit code that says so too. */
async function expectRefusal(args: string[], line: RegExp): Promise<void> {
  const { exitCode, stdout, stderr } = await run(...args);
  expect(stderr).toMatch(/^[^\n]+\n$/);
  expect(stderr).toMatch(line);
  expect(stdout).toBe("");
  expect(exitCode).toBe(1);
}

test("main: a taken port is refused in one line", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await expectRefusal(["--port", String(port), "--data", join(folder, "free")], new RegExp(`^Cannot listen at 127\\.0\\.0\\.1:${port}: .*--port`));
  other.close();
});

test("main: a data folder that cannot be written is refused in one line", async () => {
  const file = join(folder, "a-file");
  await writeFile(file, "in the way");
  await expectRefusal(["--port", "0", "--data", file], /^Cannot open the data folder .*a-file: .*Choose another folder/);
  await expectRefusal(["--port", "0", "--data", join(file, "below")], /^Cannot open the data folder .*below: .*Choose another folder/);
});

test("main: a data folder of a newer version is refused in one line", async () => {
  const hub = await HubProcess.start();
  try {
    await hub.stop();
    const database = new DatabaseSync(join(hub.dataDir, "manyhands.sqlite"));
    database.exec(`UPDATE schema_version SET version = ${NEWER_SCHEMA}`);
    database.close();
    await expectRefusal(["--port", "0", "--data", hub.dataDir], /^Cannot open the data folder .*newer version.*Start the newer program/);
  } finally {
    await hub.remove();
  }
});

test("main: a data folder that another hub uses is refused in one line, and that hub goes on", async () => {
  const hub = await HubProcess.start();
  try {
    await expectRefusal(["--port", "0", "--data", hub.dataDir], /^Cannot open the data folder .*another process is using it/);
    const { jobId } = await hub.client.submit({ name: "still here", executable: { source: "export default (n) => n" }, inputs: [1] });
    expect((await hub.client.job(jobId)).name).toBe("still here");
  } finally {
    await hub.remove();
  }
});

test("main: an option that does not fit is refused in one line", async () => {
  await expectRefusal(["--port", "http"], /--port.*whole number/);
  await expectRefusal(["--data-dir", "x"], /--data-dir/);
});

test("main: --help tells every option, and nothing is started", async () => {
  const { exitCode, stdout, stderr } = await run("--help");
  for (const option of ["--host", "--port", "--data", "--no-open", "--smtp", "--allow-host", "--no-load-balancer", "--sandbox-origin"]) expect(stdout).toContain(option);
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
});

test("main: the hub goes on when nobody reads any more what it prints", async () => {
  const port = await freePort();
  const { child } = spawnHub(["--port", String(port), "--data", join(folder, "unread")]);
  const exited = once(child, "exit");
  child.stdout.destroy();
  child.stderr.destroy();
  // It prints its welcome a moment after it is ready: it is asked for a while.
  let answers = 0;
  const ask = async () => {
    if (await fetch(`http://127.0.0.1:${port}/readyz`).then((response) => response.ok, () => false)) answers++;
    return answers;
  };
  await until("it has answered often", ask, (count) => count >= ANSWERS || child.exitCode !== null);
  expect(child.exitCode).toBeNull();
  child.kill("SIGKILL");
  await exited;
});

test("main: --port 0 takes a free one and prints its link", async () => {
  const { child, printed } = spawnHub(["--port", "0", "--data", join(folder, "any-port")]);
  const linkOf = () => /Manyhands is running at\s+(http:\/\/127\.0\.0\.1:\d+)/.exec(printed.stdout)?.[1];
  const url = await until("the link is printed", () => Promise.resolve(linkOf()), (link) => link !== undefined);
  expect(printed.stdout).toContain(`${url}/contribute`);
  expect(printed.stdout).toContain(`${url}/submit`);
  expect((await new HubClient(url ?? "").grid()).computeServers).toBe(0);
  child.kill("SIGTERM");
  await once(child, "close");
  expect(child.exitCode).toBe(0);
});
