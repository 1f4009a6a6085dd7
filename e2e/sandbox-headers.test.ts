import { once } from "node:events";
import { createServer, request, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HubProcess } from "./hub-process.ts";
import { busySquare, ended, submitRange } from "./jobs.ts";
import { launchBrowser, until } from "./tabs.ts";

const PLAIN = "grid.test";
const SANDBOX_DOMAIN = "sbx.test";

let browser: Browser;
let hub: HubProcess;
/** Has a second domain for its sandbox, as in production. */
let withDomain: HubProcess;

beforeAll(async () => {
  hub = await HubProcess.start("--allow-host", PLAIN);
  withDomain = await HubProcess.start("--sandbox-origin", `http://*.${SANDBOX_DOMAIN}:{port}`);
  browser = await launchBrowser(`--host-resolver-rules=MAP ${PLAIN} 127.0.0.1, MAP *.${SANDBOX_DOMAIN} 127.0.0.1`);
});
afterAll(async () => {
  await browser.close();
  await hub.remove();
  await withDomain.remove();
});

/** The headers of a page of the hub, asked for under this host name. */
async function headersOf(of: HubProcess, path: string, name = "127.0.0.1"): Promise<IncomingHttpHeaders> {
  const { port } = new URL(of.url);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, headers: { host: `${name}:${port}`, accept: "text/html" } }, resolve).on("error", reject).end();
  });
  response.resume();
  expect(response.statusCode).toBe(200);
  return response.headers;
}

function directives(headers: IncomingHttpHeaders): Record<string, string> {
  const policy = String(headers["content-security-policy"]);
  return Object.fromEntries(policy.split(";").map((part) => part.trim()).map((part) => [part.split(" ")[0], part.split(" ").slice(1).join(" ")]));
}

test("the sandbox's page: each header and directive is as it must be (R8)", async () => {
  const headers = await headersOf(hub, "/sandbox/frame.html", "s123.localhost");
  const { port } = new URL(hub.url);
  expect(directives(headers)).toEqual({
    "default-src": "'none'", "script-src": expect.stringMatching(/^'sha256-[A-Za-z0-9+/]{43}=' 'unsafe-eval' 'wasm-unsafe-eval' blob:$/), "worker-src": "blob:",
    "connect-src": "'none'", "base-uri": "'none'", "form-action": "'none'", "webrtc": "'block'", "sandbox": "allow-scripts",
    "frame-ancestors": `'self' http://127.0.0.1:${port} http://localhost:${port} http://${PLAIN}:${port}`,
  });
  expect(headers).toMatchObject({
    "connection-allowlist": "()", "origin-agent-cluster": "?1", "cross-origin-resource-policy": "cross-origin", "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff", "x-dns-prefetch-control": "off", "cache-control": "no-store",
  });
  const features = String(headers["permissions-policy"]).split(", ");
  expect(features.length).toBeGreaterThan(30);
  expect(features.filter((feature) => !feature.endsWith("=()"))).toEqual([]);
  expect(headers["set-cookie"]).toBeUndefined();
});

test.each(["/", "/contribute", "/headless.html"])("the volunteer's page %s: each header and directive is as it must be", async (path) => {
  const headers = await headersOf(hub, path);
  const { port } = new URL(hub.url);
  expect(directives(headers)).toEqual({
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self' 'unsafe-inline'", "img-src": "'self' data: blob:", "font-src": "'self' data:",
    "connect-src": `'self' ws://127.0.0.1:${port} wss://127.0.0.1:${port}`, "frame-src": `http://*.localhost:${port}/sandbox/frame.html`, "worker-src": "'self'",
    "manifest-src": "'self'", "base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'none'",
  });
  expect(headers).toMatchObject({
    "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin", "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff", "x-frame-options": "DENY",
  });
});

test("the page's frames: the sandbox's page alone, wherever the sandbox is", async () => {
  const [plain, domain] = [new URL(hub.url).port, new URL(withDomain.url).port];
  expect(directives(await headersOf(hub, "/contribute", PLAIN))["frame-src"]).toBe(`${PLAIN}:${plain}/sandbox/frame.html`);
  expect(directives(await headersOf(withDomain, "/contribute"))["frame-src"]).toBe(`http://*.${SANDBOX_DOMAIN}:${domain}/sandbox/frame.html`);
});

/** Opens the page, computes a job on it, and answers what it asked for meanwhile. */
async function computeOn(of: HubProcess, name: string): Promise<{ page: Page; asked: string[] }> {
  const { port } = new URL(of.url);
  const page = await (await browser.newContext()).newPage();
  const asked: string[] = [];
  page.on("request", (one) => asked.push(one.url()));
  await page.goto(`http://${name}:${port}/contribute`);
  await page.getByRole("button", { name: "Start" }).click();
  const jobId = await submitRange(of, "honest", busySquare(5), 0, 20);
  expect((await ended(of, jobId)).state).toBe("completed");
  return { page, asked };
}

test.each([
  ["loopback", "127.0.0.1", () => hub, /^http:\/\/s[a-z0-9]+\.localhost:\d+$/],
  ["a plain host", PLAIN, () => hub, new RegExp(`^http://${PLAIN.replace(".", "\\.")}:\\d+$`)],
  ["a second domain", "127.0.0.1", () => withDomain, /^http:\/\/s[a-z0-9]+\.sbx\.test:\d+$/],
] as const)("the sandbox's origin on %s: jobs run in a frame of no origin, loaded from there, and the page asks nobody else", async (_, name, of, sandbox) => {
  const { page, asked } = await computeOn(of(), name);
  const frame = page.frames().find((one) => one !== page.mainFrame());
  expect(new URL(frame?.url() ?? "").origin).toMatch(sandbox);
  expect(await frame?.evaluate(() => self.origin)).toBe("null");
  const own = new URL(page.url()).origin;
  expect(asked.map((url) => new URL(url)).filter(({ origin, protocol, pathname }) => origin !== own && protocol !== "blob:" && protocol !== "data:" && !(sandbox.test(origin) && pathname === "/sandbox/frame.html"))).toEqual([]);
  await page.context().close();
  await until("the tab is gone", () => of().client.computeServers(), ({ computeServers }) => computeServers.every(({ connected }) => !connected));
});

test("what the volunteer's browser keeps: the settings, and who this tab is to the hub", async () => {
  const { page } = await computeOn(hub, "127.0.0.1");
  await page.getByRole("slider").first().press("ArrowLeft"); // a setting is kept when it is changed
  const kept = await page.evaluate(async () => ({
    local: Object.keys(localStorage).sort(), session: Object.keys(sessionStorage).sort(), cookies: document.cookie,
    databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length, workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
  expect(kept).toEqual({ local: ["manyhands-settings"], session: ["manyhands-compute-server"], cookies: "", databases: 0, caches: 0, workers: 0 });
  expect(await page.context().cookies()).toEqual([]);
  await page.context().close();
});

test("no page of another site can frame the volunteer's page", async () => {
  const other = createServer((_, response) => response.setHeader("content-type", "text/html").end(`<!doctype html><iframe src="${hub.url}/contribute"></iframe>`)).listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`);
  const [, frame] = page.frames();
  const url = await until("the frame has come to something", () => Promise.resolve(frame?.url() ?? ""), (at) => at !== "" && at !== "about:blank");
  expect(url).toBe("chrome-error://chromewebdata/");
  await page.close();
  other.close();
});
