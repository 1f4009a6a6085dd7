import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { madeTokenSchema } from "../protocol/http/accounts-tokens.ts";
import { sessionSchema } from "../protocol/http/accounts.ts";
import { jobSchema } from "../protocol/http/job.ts";
import { submittedSchema } from "../protocol/http/submission.ts";
import { HubProcess } from "./hub-process.ts";
import { launchBrowser, openHeadlessTab, until } from "./tabs.ts";

// A hub with accounts as its operator starts it, and real tabs.

const PASSWORD = "correct horse battery staple";
/** Larger than what travels in a frame: it crosses as a blob, each way. */
const LARGE = "x".repeat(300_000);

let browser: Browser;
let hub: HubProcess;
let cookie: string;
let token: string;

beforeAll(async () => {
  browser = await launchBrowser();
  hub = await HubProcess.start("--accounts");
  const code = /\/invitation#([\w-]+)/.exec(hub.output)?.[1] ?? "";
  const signedUp = await ask("POST", "/api/accounts", {}, { name: "ada", password: PASSWORD, invitation: code });
  expect(sessionSchema.parse(await signedUp.json()).account).toMatchObject({ name: "ada", role: "operator" });
  cookie = signedUp.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  token = madeTokenSchema.parse(await (await ask("POST", "/api/tokens", { cookie }, { name: "program", scopes: ["read", "submit"], expiresInMs: 3_600_000 })).json()).token;
});
afterAll(async () => {
  await browser.close();
  await hub.remove();
});

const ask = (method: string, path: string, headers: Record<string, string>, body?: unknown) => fetch(`${hub.url}${path}`, {
  method, headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
});

/** What a hub that does not start says, and with what it ends. */
async function startAndEnd(...args: string[]): Promise<{ code: unknown; output: string }> {
  const dataDir = await mkdtemp(join(tmpdir(), "manyhands-refused-"));
  const child = spawn(process.execPath, [join(import.meta.dirname, "../server/main.ts"), "--port", "0", "--data", dataDir, "--no-open", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => { output += text; });
  const [code]: unknown[] = await once(child, "close");
  await rm(dataDir, { recursive: true });
  return { code, output };
}

/** An address of this machine that is not loopback, as another on the network would use it. */
function outerAddress(): string {
  return Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []).find(({ internal, family }) => !internal && family === "IPv4")?.address ?? "0.0.0.0";
}

test.each([["every address", () => ["--host", "0.0.0.0"]], ["an address of the network", () => ["--host", outerAddress()]], ["a proxy's name", () => ["--public-url", "https://grid.example"]]])(
  "a hub without accounts at %s does not start, and says why in one line", async (_where, args) => {
    const { code, output } = await startAndEnd(...args());
    expect(code).toBe(1);
    expect(output.trim().split("\n")).toEqual([expect.stringMatching(/^Cannot start without accounts: .* Add --accounts\.$/)]);
  },
);

test("a private job: an anonymous tab computes it with large values, its owner reads it, nobody else learns of it", async () => {
  const { context } = await openHeadlessTab(browser, hub, 1);
  const submitted = submittedSchema.parse(await (await ask("POST", "/api/jobs", { authorization: `Bearer ${token}` }, {
    name: "private", executable: { source: "export default (text) => text.toUpperCase()" }, inputs: [LARGE, "small"], options: { verification: "first" },
  })).json());
  const path = `/api/jobs/${submitted.jobId}`;
  const job = await until("the job has ended", async () => jobSchema.parse(await (await ask("GET", path, { authorization: `Bearer ${token}` })).json()), ({ state }) => state === "completed");
  expect(job).toMatchObject({ visibility: "private", owner: "ada", failures: [] });
  const results = await (await ask("GET", `${path}/results?format=json`, { cookie })).json();
  expect(results).toEqual([{ index: 0, output: LARGE.toUpperCase() }, { index: 1, output: "SMALL" }]);
  for (const call of ["", "/results", "/results/0", "/events", "/tasks"]) expect((await ask("GET", path + call, {})).status).toBe(404);
  await context.close();
});

test("sessions and tokens outlive kill -9 of the hub, and the operator's link is not printed again (R3)", async () => {
  const before = hub.output.length;
  await hub.stop("SIGKILL");
  await hub.start();
  expect(hub.output.slice(before)).not.toContain("/invitation#");
  expect(sessionSchema.parse(await (await ask("GET", "/api/session", { cookie })).json()).account).toMatchObject({ name: "ada" });
  expect((await ask("GET", "/api/jobs", { authorization: `Bearer ${token}` })).status).toBe(200);
  expect((await ask("DELETE", "/api/sessions", { cookie })).status).toBe(204);
  await hub.stop("SIGKILL");
  await hub.start();
  expect(sessionSchema.parse(await (await ask("GET", "/api/session", { cookie })).json()).account).toBeNull();
});
