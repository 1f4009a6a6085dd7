import { request, type IncomingMessage } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { decodeMulti } from "@msgpack/msgpack";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { JobId } from "../../protocol/ids.ts";
import { TestHub } from "./test-hub.ts";

let hub: TestHub;
let jobId: JobId;
beforeAll(async () => {
  hub = await TestHub.start();
  jobId = await hub.submit([0, 1, 2, 3, 4]);
  await hub.finish(jobId, 3, [{ a: 3 }]);
  await hub.finish(jobId, 0, [{ a: 0 }, { a: 1 }]);
  await hub.fail(jobId, 2, "odd");
});
afterAll(async () => { await hub.stop(); });

describe("GET /api/jobs/{jobId}/results", () => {
  const results = (query = "", accept = "*/*") => hub.ask(`/api/jobs/${jobId}/results${query}`, { headers: { accept } });

  test("results: lines of JSON in index order", async () => {
    const answer = await results();
    expect(answer.headers["content-type"]).toBe("application/x-ndjson");
    expect(answer.text.trimEnd().split("\n").map((line): unknown => JSON.parse(line))).toEqual([
      { index: 0, output: { a: 0 } }, { index: 1, output: { a: 1 } }, { index: 3, output: { a: 3 } },
    ]);
  });

  test("results: a part, with the failures in their places", async () => {
    const answer = await results("?from=1&to=4&failures=true");
    expect(answer.text.trimEnd().split("\n").map((line): unknown => JSON.parse(line))).toEqual([
      { index: 1, output: { a: 1 } }, { index: 2, error: { message: "odd", stack: expect.any(String) } }, { index: 3, output: { a: 3 } },
    ]);
  });

  test.each([
    ["?format=json", "*/*", "application/json"], ["", "application/json", "application/json"], ["", "text/csv", "text/csv"],
    ["?format=csv", "application/json", "text/csv"], ["", "text/html,*/*;q=0.8", "application/x-ndjson"], ["", "application/msgpack", "application/vnd.msgpack"],
  ])("results: %s with Accept %s is %s", async (query, accept, type) => {
    const answer = await results(query, accept);
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toContain(type);
    if (type === "text/csv") expect(answer.text.split(/\r?\n/)[0]).toContain("index");
    if (type === "application/json") expect(answer.json()).toHaveLength(3);
    if (type === "application/vnd.msgpack") {
      expect([...decodeMulti(answer.bytes)].length).toBeGreaterThan(0);
    }
  });

  test("results: nothing acceptable is a 406; a foreign range a 400; an empty one, where a reader stands at the end, is fine", async () => {
    expect((await results("", "image/png")).status).toBe(406);
    for (const query of ["?from=4&to=3", "?from=6", "?from=-1", "?format=xml"]) expect((await results(query)).status, query).toBe(400);
    expect(await results("?from=5")).toMatchObject({ status: 200, text: "" });
    expect((await results("?from=4&to=999999")).status).toBe(200);
  });

  test("results: a reader that leaves stops the stream, and the hub goes on", async () => {
    const many = await hub.submit({ range: { start: 0, end: 200_000 } });
    for (let from = 0; from < 200_000; from += 10_000) await hub.finish(many, from, Array.from({ length: 10_000 }, () => "x".repeat(50)));
    const leaving = new AbortController();
    const response = await fetch(`${hub.url}/api/jobs/${many}/results`, { signal: leaving.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    leaving.abort();
    await expect(reader?.read()).rejects.toThrow();
    const whole = await hub.ask(`/api/jobs/${many}/results`);
    expect(whole.text.split("\n").length).toBe(200_001);
  });

  test("results: of a reader that does not read nothing is read ahead, others are answered, and it gets all when it reads on (R9)", async () => {
    const chunks = 256;
    const many = await hub.submit({ range: { start: 0, end: chunks * 100 } });
    await Promise.all(Array.from({ length: chunks }, (_, chunk) => hub.finish(many, chunk * 100, Array.from({ length: 100 }, () => "x".repeat(1_000)))));
    const reads = vi.spyOn(hub.archive, "results");
    const slow = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ host: "127.0.0.1", port: hub.port, path: `/api/jobs/${many}/results`, agent: false }, resolve).on("error", reject).end();
    });
    // Until it stands still: what the system's own buffers take has left the hub.
    let ahead = 0;
    for (let still = 0; still < 10; still++) {
      if (ahead !== reads.mock.calls.length) still = 0;
      ahead = reads.mock.calls.length;
      await wait(100);
    }
    expect((await results()).status).toBe(200);
    let bytes = 0;
    for await (const piece of slow) bytes += String(piece).length;
    expect(bytes).toBeGreaterThan(chunks * 100_000);
    expect(ahead).toBeLessThan(reads.mock.calls.length / 2);
    reads.mockRestore();
  });
});

describe("GET /api/jobs/{jobId}/results/{index}", () => {
  test("results/{index}: the output, or the error", async () => {
    expect((await hub.ask(`/api/jobs/${jobId}/results/3`)).json()).toEqual({ index: 3, output: { a: 3 } });
    expect((await hub.ask(`/api/jobs/${jobId}/results/2`)).json()).toMatchObject({ index: 2, error: { message: "odd" } });
  });

  test.each(["4", "5", "x", "-1"])("results/%s: is not there", async (index) => {
    expect((await hub.ask(`/api/jobs/${jobId}/results/${index}`)).status).toBe(404);
  });
});

describe("GET /api/jobs/{jobId}/picture.png", () => {
  test("picture: a PNG with an ETag that spares sending it again", async () => {
    const drawn = await hub.submit([0], { view: { kind: "image", width: 2, height: 1 } });
    await hub.finish(drawn, 0, [{ x: 0, y: 0, width: 2, height: 1, rgba: new Uint8Array([255, 0, 0, 255, 0, 255, 0, 255]) }]);
    await hub.grid.setState(drawn, "completed");
    const first = await hub.ask(`/api/jobs/${drawn}/picture.png`);
    expect(first.status).toBe(200);
    expect(first.headers["content-type"]).toBe("image/png");
    expect(first.bytes.subarray(1, 4).toString()).toBe("PNG");
    const again = await hub.ask(`/api/jobs/${drawn}/picture.png`, { headers: { "if-none-match": first.headers.etag ?? "" } });
    expect(again.status).toBe(304);
    expect(again.bytes.byteLength).toBe(0);
    expect((await hub.ask(`/api/jobs/${drawn}`)).json()).toMatchObject({ pictureUrl: `${hub.url}/api/jobs/${drawn}/picture.png` });
  });

  test("picture: a job without one is a 404", async () => {
    expect((await hub.ask(`/api/jobs/${jobId}/picture.png`)).status).toBe(404);
  });
});
