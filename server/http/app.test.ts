import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problemSchema } from "../../protocol/http/problem.ts";
import { TestHub } from "./test-hub.ts";

let hub: TestHub;
beforeAll(async () => { hub = await TestHub.start(); });
afterAll(async () => { await hub.stop(); });

describe("originGuard", () => {
  test("originGuard: a name that is not the hub's own is refused, whatever it asks (DNS rebinding)", async () => {
    for (const path of ["/", "/api/jobs", "/sandbox/frame.html", "/healthz"]) {
      const answer = await hub.ask(path, { headers: { host: `evil.example:${hub.port}` } });
      expect(answer.status).toBe(421);
      expect(problemSchema.parse(answer.json()).detail).toContain("evil.example");
    }
  });

  test("originGuard: the sandbox's names are good for the sandbox's page alone", async () => {
    const headers = { host: `a1b2.localhost:${hub.port}` };
    expect((await hub.ask("/sandbox/frame.html", { headers })).status).toBe(200);
    expect((await hub.ask("/api/jobs", { headers })).status).toBe(421);
    expect((await hub.ask("/", { headers })).status).toBe(421);
  });

  test.each(["https://evil.example", "null", "http://127.0.0.1:1"])("originGuard: a change from %s is refused, a question is not", async (origin) => {
    expect((await hub.post("/api/jobs", {}, { origin })).status).toBe(403);
    expect((await hub.ask("/api/jobs", { headers: { origin } })).status).toBe(200);
  });

  test("originGuard: the hub's own page may change something", async () => {
    expect((await hub.post("/api/jobs", {}, { origin: hub.url })).status).toBe(400);
  });
});

describe("problems", () => {
  test("problems: what is not there is a 404, under every folder", async () => {
    for (const path of ["/api/nothing", "/compute/nothing", "/sandbox/nothing.html", "/nothing.js"]) {
      const answer = await hub.ask(path, { headers: { accept: "*/*" } });
      expect(answer.status).toBe(404);
      expect(answer.headers["content-type"]).toContain("application/problem+json");
      expect(problemSchema.parse(answer.json()).detail).toMatch(/^Cannot find /);
    }
  });

  test("problems: another method is a 405 that names those there are", async () => {
    const answer = await hub.ask("/api/jobs", { method: "DELETE" });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe("POST, GET, HEAD");
    expect((await hub.ask("/api/grid", { method: "OPTIONS" })).headers.allow).toBe("GET, HEAD, OPTIONS");
  });

  test("problems: what breaks inside is told without its inside", async () => {
    const broken = await TestHub.start();
    await broken.archive.close();
    const answer = await broken.ask("/api/jobs");
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(answer.text).not.toMatch(/\.ts|node_modules|at /);
    await broken.stop();
  });
});

describe("headers of the hub's own pages", () => {
  test("securityHeaders: the host page's policy of SANDBOX.md (R8)", async () => {
    const { headers } = await hub.ask("/api");
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe-eval");
    expect(policy).toMatch(/script-src 'self';/);
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${hub.port}`);
    expect(policy).toContain(`frame-src http://*.localhost:${hub.port}`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers).toMatchObject({ "cross-origin-opener-policy": "same-origin", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" });
    expect(headers["x-powered-by"]).toBeUndefined();
    expect(headers["strict-transport-security"]).toBeUndefined();
  });

  test("securityHeaders: a hub at an address of the local network frames the sandbox of its own host", async () => {
    const lan = await TestHub.start({ host: "0.0.0.0" });
    const headers = { host: `192.168.1.5:${lan.port}` };
    expect((await lan.ask("/api", { headers })).headers["content-security-policy"]).toContain(`frame-src 192.168.1.5:${lan.port}/sandbox/frame.html`);
    expect((await lan.ask("/api/grid", { headers })).json()).toMatchObject({ sandboxOrigin: null });
    await lan.stop();
  });
});

describe("GET /sandbox/frame.html", () => {
  test("sandboxFrame: exactly the headers of SANDBOX.md, with the hash of its script (R8)", async () => {
    const { headers, text } = await hub.ask("/sandbox/frame.html", { headers: { host: `x.localhost:${hub.port}` } });
    const script = /<script>([\s\S]*)<\/script>/.exec(text)?.[1] ?? "";
    const hash = createHash("sha256").update(script).digest("base64");
    expect(headers["content-security-policy"]).toBe(
      `default-src 'none'; script-src 'sha256-${hash}' 'unsafe-eval' 'wasm-unsafe-eval' blob:; worker-src blob:; connect-src 'none'; base-uri 'none'; form-action 'none'; webrtc 'block'; frame-ancestors 'self' http://127.0.0.1:${hub.port} http://localhost:${hub.port}; sandbox allow-scripts`,
    );
    expect(headers).toMatchObject({
      "connection-allowlist": "()", "origin-agent-cluster": "?1", "cross-origin-resource-policy": "cross-origin",
      "referrer-policy": "no-referrer", "x-content-type-options": "nosniff", "x-dns-prefetch-control": "off",
    });
    expect(headers["permissions-policy"]).toContain("camera=()");
    expect(headers["x-frame-options"]).toBeUndefined();
    expect(headers["content-type"]).toContain("text/html");
  });

  test("sandboxFrame: a page that was built anew has its new hash", async () => {
    const own = await TestHub.start();
    const before = (await own.ask("/sandbox/frame.html")).headers["content-security-policy"];
    await writeFile(join(own.folder, "frame.html"), "<script>another()</script>");
    expect((await own.ask("/sandbox/frame.html")).headers["content-security-policy"]).not.toBe(before);
    await writeFile(join(own.folder, "frame.html"), "<script src='x.js'></script><script>two()</script>");
    expect((await own.ask("/sandbox/frame.html")).status).toBe(500);
    await own.stop();
  });
});

describe("the web app", () => {
  test("staticClient: before it is built, a page says so", async () => {
    const answer = await hub.ask("/", { headers: { accept: "text/html" } });
    expect(answer.status).toBe(503);
    expect(answer.text).toContain("npm run build");
  });

  test("staticClient: its page for every path of its router, files with hashed names for good", async () => {
    const own = await TestHub.start();
    const client = join(own.folder, "client");
    const script = "console.log('app')";
    await mkdir(join(client, "assets"), { recursive: true });
    await writeFile(join(client, "index.html"), "<!doctype html><title>app</title>");
    await writeFile(join(client, "assets", "app-1a2b.js"), script);
    await writeFile(join(client, "assets", "app-1a2b.js.br"), brotliCompressSync(script));
    for (const path of ["/", "/contribute", "/jobs", "/jobs/abcdefgh", "/results/abcdefgh", "/grid", "/settings"]) {
      const answer = await own.ask(path);
      expect([answer.status, answer.headers["cache-control"]]).toEqual([200, "no-store"]);
      expect(answer.text).toContain("<title>app</title>");
    }
    expect((await own.ask("/nowhere", { headers: { accept: "text/html" } })).status).toBe(404);
    const plain = await own.ask("/assets/app-1a2b.js");
    expect(plain.text).toBe(script);
    expect(plain.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    const packed = await own.ask("/assets/app-1a2b.js", { headers: { "accept-encoding": "gzip, br" } });
    expect(packed.headers).toMatchObject({ "content-encoding": "br", "content-type": expect.stringContaining("javascript"), "vary": "Accept-Encoding" });
    expect(brotliDecompressSync(packed.bytes).toString()).toBe(script);
    expect((await own.ask("/assets/..%2f..%2fframe.html")).status).toBe(404);
    await own.stop();
  });
});
