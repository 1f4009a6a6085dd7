import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpsRequest, type RequestOptions } from "node:https";
import type { IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { createProxyServer } from "http-proxy-3";
import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { ManyhandsProcess } from "../cli/manyhands-process.test-data.ts";
import { decodeDown, encodeUp } from "../protocol/codec.ts";
import { submittedSchema } from "../protocol/http/submission.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import { startHub, type Hub } from "../server/hub.ts";
import { readHubOptions } from "../server/options.ts";
import { makeCertificate, writeCertificate, type Certificate } from "./certificate.ts";
import { freePort, HubProcess } from "./hub-process.ts";

let folder: string;
let first: Certificate;
let files: { readonly cert: string; readonly key: string };
let hub: Hub;
const fatal: unknown[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "manyhands-tls-"));
  first = await makeCertificate("first");
  files = await writeCertificate(folder, first);
  hub = await startHub({
    ...readHubOptions(["--port", "0", "--no-open", "--data", join(folder, "data"), "--tls-cert", files.cert, "--tls-key", files.key, "--allow-host", "grid.test"]),
    logger: pino({ level: "silent" }), onFatal: (error) => fatal.push(error),
  });
});
afterAll(async () => {
  await hub.close();
  await rm(folder, { recursive: true });
  expect(fatal).toEqual([]);
});

interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

function ask(url: string, options: RequestOptions, body?: string): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(url, { agent: false, ...options }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => { text += part; }).once("error", reject);
      response.once("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    request.once("error", reject);
    request.end(body);
  });
}

/** Whose certificate the hub shows to who connects now. */
async function shownName(): Promise<string> {
  const socket = connect({ port: hub.port, host: "127.0.0.1", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}

async function register(socket: WebSocket): Promise<string> {
  await once(socket, "open");
  socket.send(encodeUp({ type: "register", name: "by TLS", slots: 1, engine: "test-1", capabilities: [], leaseMs: 60_000, holding: [] }));
  const [data] = await once(socket, "message");
  socket.close();
  return decodeDown(new Uint8Array(data)).type;
}

test("a hub with a certificate: pages, API and link by TLS, and browsers are told to keep to it", async () => {
  const own = await ask(`${hub.url}/api`, { ca: first.cert });
  expect(own.status).toBe(200);
  expect(own.headers["content-security-policy"]).toContain(`connect-src 'self' wss://127.0.0.1:${hub.port};`);
  // This machine's own names belong to other programs too.
  expect(own.headers["strict-transport-security"]).toBeUndefined();
  const named = await ask(`${hub.url}/api`, { ca: first.cert, headers: { host: `grid.test:${hub.port}` } });
  expect(named.headers["strict-transport-security"]).toBe("max-age=31536000");
  const submitted = await ask(`${hub.url}/api/jobs`, { ca: first.cert, method: "POST", headers: { "content-type": "application/json" } }, JSON.stringify({ name: "x", executable: { source: "export default (n) => n" }, inputs: [1] }));
  expect(submittedSchema.parse(JSON.parse(submitted.text)).url).toMatch(new RegExp(`^https://127\\.0\\.0\\.1:${hub.port}/jobs/`));
  expect(await register(new WebSocket(`${hub.url.replace("https", "wss")}/compute?version=${PROTOCOL_VERSION}`, { ca: first.cert }))).toBe("registered");
});

test.each(["TLSv1", "TLSv1.1"] as const)("a hub with a certificate: %s is spoken no more", async (version) => {
  // At this level the client itself would still speak it.
  const socket: TLSSocket = connect({ port: hub.port, host: "127.0.0.1", rejectUnauthorized: false, minVersion: version, maxVersion: version, ciphers: "DEFAULT@SECLEVEL=0" });
  const [error] = await once(socket, "error");
  expect(String(error)).toMatch(/protocol version|alert 70/i);
});

test("a hub with a certificate: what speaks no TLS is cut off, and the hub goes on", async () => {
  await expect(fetch(`http://127.0.0.1:${hub.port}/`)).rejects.toThrow("fetch failed");
  expect((await ask(`${hub.url}/healthz`, { ca: first.cert })).status).toBe(200);
});

test("a certificate that is renewed: shown to the next who connects, without a restart; a broken one is not taken", async () => {
  const link = new WebSocket(`${hub.url.replace("https", "wss")}/compute?version=${PROTOCOL_VERSION}`, { ca: first.cert });
  await once(link, "open");
  expect(await shownName()).toBe("first");
  await writeFile(files.cert, "no certificate");
  hub.reloadCertificate();
  expect(await shownName()).toBe("first");
  // Nobody tells the hub: it looks.
  await writeCertificate(folder, await makeCertificate("second"));
  await expect.poll(shownName).toBe("second");
  expect(link.readyState).toBe(WebSocket.OPEN);
  link.close();
  await writeCertificate(folder, first);
  await expect.poll(shownName).toBe("first");
});

test("run, join: a hub whose own authority stands in NODE_EXTRA_CA_CERTS", async () => {
  const trusting = { NODE_EXTRA_CA_CERTS: files.cert };
  const job = join(folder, "job.ts");
  await writeFile(job, "export default (n: number) => n * n;\n");
  const stranger = new ManyhandsProcess(["run", job, "--range", "0..3", "--hub", hub.url], "", { NODE_EXTRA_CA_CERTS: "" });
  expect(await stranger.ended()).toBe(1);
  expect(stranger.stderr).toContain("name its authority's certificate in NODE_EXTRA_CA_CERTS");
  const joined = new ManyhandsProcess(["join", hub.url, "--slots", "1"], "", trusting);
  const run = new ManyhandsProcess(["run", job, "--range", "0..3", "--hub", hub.url], "", trusting);
  expect(await run.ended(), run.stderr).toBe(0);
  expect(run.stdout.trimEnd().split("\n").map((line): unknown => JSON.parse(line))).toEqual([0, 1, 4].map((output, index) => ({ index, output })));
  joined.signal("SIGINT");
  await joined.ended();
});

test("the command hub: SIGHUP has the certificate read again, and ends nothing; a key of another certificate is refused at the start", async () => {
  const other = await mkdtemp(join(folder, "other-"));
  const paths = await writeCertificate(other, first);
  const port = await freePort();
  const args = ["hub", "--port", String(port), "--no-open", "--tls-cert", paths.cert, "--tls-key", paths.key, "--data", join(other, "data")];
  const child = new ManyhandsProcess(args);
  await child.printed(new RegExp(`https://127\\.0\\.0\\.1:${port}`));
  child.signal("SIGHUP");
  await child.printed(/the certificate was read again/);
  expect((await ask(`https://127.0.0.1:${port}/readyz`, { ca: first.cert })).status).toBe(200);
  child.signal("SIGTERM");
  await child.ended();
  await writeFile(paths.key, (await makeCertificate("other")).key);
  const refused = new ManyhandsProcess(args);
  expect(await refused.ended()).toBe(1);
  expect(refused.stderr).toMatch(/^Cannot use the certificate .*key values mismatch/);
});

test("--trust-proxy: behind a proxy that ends TLS the hub knows who asks, by what name and how", async () => {
  const behind = await HubProcess.start("--accounts", "--trust-proxy", "127.0.0.1", "--allow-host", "grid.test");
  const proxy = createProxyServer({ target: behind.url, ssl: { cert: first.cert, key: first.key }, ws: true, xfwd: true });
  const port = await freePort();
  proxy.listen(port);
  const url = `https://127.0.0.1:${port}`;
  const named = { ca: first.cert, headers: { host: `grid.test:${port}` } };
  const page = await ask(`${url}/api`, named);
  expect(page.status).toBe(200);
  expect(page.headers["strict-transport-security"]).toBe("max-age=31536000");
  expect(page.headers["content-security-policy"]).toContain(`connect-src 'self' wss://grid.test:${port};`);
  const origin = { ...named, method: "POST", headers: { ...named.headers, "content-type": "application/json", "origin": `https://grid.test:${port}` } };
  const invitation = /\/invitation#([\w-]+)/.exec(behind.output)?.[1];
  const signedUp = await ask(`${url}/api/accounts`, origin, JSON.stringify({ name: "ada", password: "a long enough password", invitation }));
  const [cookie = ""] = signedUp.headers["set-cookie"] ?? [];
  expect(cookie).toContain("; Secure");
  const signedIn = { ...origin, headers: { ...origin.headers, cookie: cookie.split(";")[0] } };
  const submitted = await ask(`${url}/api/jobs`, signedIn, JSON.stringify({ name: "x", executable: { source: "export default (n) => n" }, inputs: [1] }));
  expect(submittedSchema.parse(JSON.parse(submitted.text)).url).toMatch(new RegExp(`^https://grid\\.test:${port}/jobs/`));
  expect(await register(new WebSocket(`wss://127.0.0.1:${port}/compute?version=${PROTOCOL_VERSION}`, { ca: first.cert, headers: { host: `grid.test:${port}` }, origin: `https://grid.test:${port}` }))).toBe("registered");
  // A name that a page made up is refused, whichever of the two headers carries it.
  expect((await ask(`${url}/api`, { ca: first.cert, servername: "grid.test", headers: { host: "evil.example" } })).status).toBe(421);
  expect((await fetch(`${behind.url}/api`, { headers: { "x-forwarded-host": "evil.example" } })).status).toBe(421);
  proxy.close();
  await behind.remove();
});
