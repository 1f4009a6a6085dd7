import { createHash } from "node:crypto";
import { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { storedBlobSchema } from "../../protocol/http/blob.ts";
import { computeServerIdSchema } from "../../protocol/ids.ts";
import { encodeValue } from "../../protocol/value.ts";
import { TestHub } from "./test-hub.ts";

const TOKEN = "t".repeat(40);
const SERVER = "server-00001";
const serverId = computeServerIdSchema.parse(SERVER);
const IDENTITY = { "x-compute-server": SERVER, "authorization": `Bearer ${TOKEN}` };
const value = encodeValue("x".repeat(100_000));

let hub: TestHub;
beforeAll(async () => {
  hub = await TestHub.start();
  await hub.archive.saveComputeServer({
    computeServerId: serverId, tokenHash: createHash("sha256").update(TOKEN).digest("hex"), name: "tab", registeredAtMs: 1, accountId: null,
  });
});
afterAll(async () => { await hub.stop(); });

const store = (body: Uint8Array, headers: Record<string, string> = {}) => hub.ask("/compute/blobs", {
  method: "POST", body, headers: { "content-type": "application/octet-stream", ...IDENTITY, ...headers },
});

describe("/compute/blobs", () => {
  test("blobs: what a Compute Server stores is read back under its SHA-256", async () => {
    const answer = await store(value);
    expect(answer.status).toBe(201);
    const { blobId, bytes } = storedBlobSchema.parse(answer.json());
    expect([blobId, bytes]).toEqual([createHash("sha256").update(value).digest("hex"), value.byteLength]);
    expect(await hub.archive.hasUpload(serverId, blobId)).toBe(true);
    hub.assignedFiles.assigned(serverId, [blobId]);
    const read = await hub.ask(`/compute/blobs/${blobId}`, { headers: IDENTITY });
    expect(Buffer.compare(read.bytes, value)).toBe(0);
    expect(read.headers).toMatchObject({ "cache-control": "private, max-age=31536000, immutable", "vary": "Authorization, X-Compute-Server" });
  });

  test.each([
    ["another token", { authorization: `Bearer ${"u".repeat(40)}` }], ["no bearer", { authorization: TOKEN }],
    ["an unknown server", { "x-compute-server": "server-99999" }], ["a server that is no id", { "x-compute-server": "../../x" }],
  ])("blobs: %s is a 401, before the body is read", async (_what, headers) => {
    const answer = await store(value, headers);
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toBe("Bearer");
  });

  test("blobs: bytes that are no value, another type, too much (R9)", async () => {
    expect((await store(value.subarray(0, 500))).status).toBe(400);
    expect((await store(value, { "content-type": "text/plain" })).status).toBe(415);
    expect((await store(new Uint8Array(0), { "content-length": String(65 * 1024 * 1024) })).status).toBe(413);
  });

  test.each(["/compute/blobs", "/compute/executables"])("%s: who was not assigned a task of it gets a 404, also with its hash, and who is no Compute Server a 401", async (folder) => {
    const blobId = await hub.archive.saveBlob(encodeValue(`a secret of ${folder}`));
    for (const id of [blobId, "0".repeat(64)]) {
      expect((await hub.ask(`${folder}/${id}`, { headers: IDENTITY })).status).toBe(404);
      expect((await hub.ask(`${folder}/${id}`)).status).toBe(401);
    }
    hub.assignedFiles.assigned(computeServerIdSchema.parse("server-00002"), [blobId]);
    expect((await hub.ask(`${folder}/${blobId}`, { headers: IDENTITY })).status).toBe(404);
    expect((await hub.ask(`${folder}/..%2f..%2fmanyhands.sqlite`, { headers: IDENTITY })).status).toBe(404);
  });

  test("blobs: what was assigned is readable no more once the lease is over", async () => {
    const blobId = await hub.archive.saveBlob(encodeValue("assigned, then not"));
    hub.assignedFiles.assigned(serverId, [blobId]);
    expect((await hub.ask(`/compute/blobs/${blobId}`, { headers: IDENTITY })).status).toBe(200);
    hub.assignedFiles.forget(serverId);
    expect((await hub.ask(`/compute/blobs/${blobId}`, { headers: IDENTITY })).status).toBe(404);
  });
});

describe("GET /compute", () => {
  test("compute: a plain request is told to upgrade", async () => {
    const answer = await hub.ask("/compute");
    expect([answer.status, answer.headers.upgrade]).toEqual([426, "websocket"]);
  });

  test.each([
    [{}, true], [{ origin: "own" }, true], [{ origin: "https://evil.example" }, false], [{ host: "evil.example" }, false], [{ origin: "null" }, false],
  ])("isAllowedOrigin: a link opened with %j: %s", (headers, allowed) => {
    const own = { host: `127.0.0.1:${hub.port}`, ...headers, ...("origin" in headers && headers.origin === "own" ? { origin: hub.url } : {}) };
    expect(hub.http.isAllowedOrigin({ headers: own, socket: new Socket() })).toBe(allowed);
  });
});
