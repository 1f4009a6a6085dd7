import { readdir } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { jobSchema } from "../../protocol/http/job.ts";
import { TestHub } from "./test-hub.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

let hub: TestHub;
beforeEach(async () => { hub = await TestHub.start({ keepDays: 10 }); });
afterEach(async () => { await hub.stop(); });

test("DELETE /api/jobs/{jobId}: the job is gone from every call", async () => {
  const jobId = await hub.submit([1, 2]);
  await hub.finish(jobId, 0, [1, 2]);
  expect((await hub.ask(`/api/jobs/${jobId}`, { method: "DELETE" })).status).toBe(204);
  for (const rest of ["", "/results", "/results/0", "/events", "/tasks", "/picture.png"]) {
    expect((await hub.ask(`/api/jobs/${jobId}${rest}`)).status).toBe(404);
  }
  expect((await hub.ask("/api/jobs")).json()).toMatchObject({ jobs: [] });
  expect((await hub.ask(`/api/jobs/${jobId}`, { method: "DELETE" })).status).toBe(404);
  expect((await hub.ask(`/api/jobs/${jobId}`, { method: "DELETE", headers: { origin: "https://evil.example" } })).status).toBe(403);
});

test("DELETE /api/jobs/{jobId}: who watches is told by the end of the stream, and finds the job no more", async () => {
  const jobId = await hub.submit([1]);
  const stream = await fetch(`${hub.url}/api/jobs/${jobId}/events`);
  const text = stream.text();
  await expect.poll(() => hub.grid.listeners).toBeGreaterThan(1);
  expect((await hub.ask(`/api/jobs/${jobId}`, { method: "DELETE" })).status).toBe(204);
  expect(await text).toContain("event: job");
});

test("DELETE /api/jobs/{jobId}: results that are being read are cut off, and never pass for all there are", async () => {
  const outputs = 64;
  const jobId = await hub.submit(Array.from({ length: outputs }, (_, i) => i));
  for (let i = 0; i < outputs; i++) await hub.finish(jobId, i, ["x".repeat(60_000)]);
  const outcome = new Promise<{ lines: number; ended: boolean }>((resolve) => {
    httpRequest({ host: "127.0.0.1", port: hub.port, path: `/api/jobs/${jobId}/results`, agent: false }, (response) => {
      let text = "";
      // The first of it is here: now it is removed, freed, and the rest is read.
      response.once("data", (chunk: Buffer) => {
        text += chunk.toString();
        response.pause();
        void hub.ask(`/api/jobs/${jobId}`, { method: "DELETE" }).then(() => hub.archive.freeRemoved()).then(() => response.resume());
      });
      response.on("data", (chunk: Buffer) => { text += chunk.toString(); });
      response.on("error", () => undefined);
      response.on("close", () => resolve({ lines: text.split("\n").length - 1, ended: response.complete }));
    }).end();
  });
  const { lines, ended } = await outcome;
  expect(ended).toBe(lines >= outputs);
  expect(ended).toBe(false);
});

test("DELETE /api/jobs/{jobId}: its pictures go with it", async () => {
  const view = { kind: "image", width: 2, height: 2 };
  const jobId = await hub.submit([0], { view });
  await hub.finish(jobId, 0, [{ x: 0, y: 0, width: 2, height: 2, rgba: new Uint8Array(16).fill(255) }]);
  await hub.grid.setState(jobId, "completed");
  expect((await hub.ask(`/api/jobs/${jobId}/picture.png`)).status).toBe(200);
  const pictures = () => readdir(join(hub.folder, "data", "pictures"));
  expect(await pictures()).toEqual([`${jobId}.png`]);
  expect((await hub.ask(`/api/jobs/${jobId}`, { method: "DELETE" })).status).toBe(204);
  await expect.poll(pictures).toEqual([]);
});

test("removeAt: tells until when an ended job stays; keep begins that time anew", async () => {
  const jobId = await hub.submit([1], { options: { keepDays: 2 } });
  const read = async () => jobSchema.parse((await hub.ask(`/api/jobs/${jobId}`)).json());
  expect((await read()).removeAt).toBeNull();
  expect((await hub.ask(`/api/jobs/${jobId}/keep`, { method: "POST" })).status).toBe(409);
  await hub.archive.setJobState(jobId, "completed", 1_000);
  expect((await read()).removeAt).toBe(1_000 + 2 * DAY_MS);
  const before = Date.now();
  const kept = jobSchema.parse((await hub.ask(`/api/jobs/${jobId}/keep`, { method: "POST" })).json());
  expect(kept.removeAt).toBeGreaterThanOrEqual(before + 2 * DAY_MS);
});

test("POST /api/jobs/{jobId}/keep: not where the operator does not allow it", async () => {
  const strict = await TestHub.start({ keepDays: 10, keepLonger: false });
  const jobId = await strict.submit([1]);
  await strict.archive.setJobState(jobId, "completed", 1_000);
  expect((await strict.ask(`/api/jobs/${jobId}/keep`, { method: "POST" })).status).toBe(409);
  await strict.stop();
});
