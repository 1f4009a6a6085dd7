import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gallerySchema } from "../../protocol/http/gallery.ts";
import { computeServersSchema, computeServerViewSchema, gridPulseSchema, loadBalancersSchema, policiesSchema } from "../../protocol/http/registry.ts";
import { computeServerIdSchema, loadBalancerIdSchema } from "../../protocol/ids.ts";
import { TestHub } from "./test-hub.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await TestHub.start({ mail: true });
  const statistics = { tasksCompleted: 3, tasksFailed: 0, checksPassed: 0, checksFailed: 0, totalTimeMs: 40, lastCompletionAtMs: null, speed: 1, registeredAtMs: 5 };
  const server = { name: "tab", engine: "chromium-156", capabilities: ["wasm"], memoryMiB: 8_192, connected: true, slots: 4, runningTasks: 1, queuedTasks: 2, jobId: null, waitingFor: "There are no jobs.", statistics };
  hub.grid.servers = [
    { ...server, computeServerId: computeServerIdSchema.parse("server-00001"), leaseLeftMs: 1_500 },
    { ...server, computeServerId: computeServerIdSchema.parse("server-00002"), leaseLeftMs: Infinity },
  ];
  hub.grid.balancers = [{ loadBalancerId: loadBalancerIdSchema.parse("lb-1"), address: hub.url, leaseLeftMs: Infinity, computeServers: 2, slots: 8, runningTasks: 2, jobs: 1 }];
});
afterAll(async () => { await hub.stop(); });

describe("the registry", () => {
  test("GET /api/grid: the pulse, and what this hub can do", async () => {
    const pulse = gridPulseSchema.parse((await hub.ask("/api/grid")).json());
    expect(pulse).toMatchObject({ computeServers: 2, tasksPerSecond: 12.5, mail: true, version: "1.2.3", sandboxOrigin: `http://*.localhost:${hub.port}` });
  });

  test("GET /api/compute-servers: a lease for ever is null", async () => {
    const { computeServers, total } = computeServersSchema.parse((await hub.ask("/api/compute-servers")).json());
    expect(total).toBe(2);
    expect(computeServers.map(({ leaseLeftMs }) => leaseLeftMs)).toEqual([1_500, null]);
    expect(computeServers[0]?.statistics).toMatchObject({ tasksCompleted: 3, lastCompletionAt: null, registeredAt: 5 });
  });

  test("GET /api/compute-servers/{id}: one, with why it has no work; 404 where there is none", async () => {
    const one = computeServerViewSchema.parse((await hub.ask("/api/compute-servers/server-00002")).json());
    expect(one).toMatchObject({ computeServerId: "server-00002", waitingFor: "There are no jobs.", memoryMiB: 8_192, capabilities: ["wasm"] });
    const none = await hub.ask("/api/compute-servers/server-00003");
    expect(none.status).toBe(404);
    expect(none.json()).toMatchObject({ detail: expect.stringContaining("server-00003") });
  });

  test("GET /api/load-balancers", async () => {
    const { loadBalancers } = loadBalancersSchema.parse((await hub.ask("/api/load-balancers")).json());
    expect(loadBalancers).toEqual([expect.objectContaining({ loadBalancerId: "lb-1", leaseLeftMs: null, slots: 8 })]);
  });
});

describe("GET /api/gallery", () => {
  test("gallery: public jobs that run or have run, by words and tags", async () => {
    const shown = await hub.submit([1], { name: "a fractal at sea", options: { tags: ["art"] } });
    const hidden = await hub.submit([1], { name: "a fractal of mine", options: { public: false, tags: ["art"] } });
    await hub.submit([1], { name: "a fractal that waits" });
    for (const jobId of [shown, hidden]) await hub.grid.setState(jobId, "completed");
    const gallery = gallerySchema.parse((await hub.ask("/api/gallery?q=fractal")).json());
    expect(gallery.items.map(({ jobId }) => jobId)).toEqual([shown]);
    expect(gallery.tags).toEqual([{ tag: "art", count: 1 }]);
    expect(gallerySchema.parse((await hub.ask("/api/gallery?tag=nothing")).json()).items).toEqual([]);
  });

  test("job: mail that is set up is told without the address", async () => {
    const jobId = await hub.submit([1], { options: { notify: { email: "a@example.org" } } });
    const answer = await hub.ask(`/api/jobs/${jobId}`);
    expect(answer.json()).toMatchObject({ notify: "email" });
    expect(answer.text).not.toContain("example.org");
  });
});

describe("policies", () => {
  test("GET /api/policies: every one with what it does, and the hub's own", async () => {
    const own = await TestHub.start({ policy: "two-choices" });
    const { byDefault, policies } = policiesSchema.parse((await own.ask("/api/policies")).json());
    await own.stop();
    expect(byDefault).toBe("two-choices");
    expect(policies.map(({ name }) => name)).toContain("longest-since-completion");
    for (const { summary } of policies) expect(summary).not.toBe("");
  });
});

describe("operation", () => {
  test("GET /healthz, /readyz, /metrics", async () => {
    expect((await hub.ask("/healthz")).json()).toEqual({ status: "ok" });
    expect((await hub.ask("/readyz")).json()).toEqual({ status: "ok", disk: "ok" });
    const metrics = await hub.ask("/metrics");
    expect(metrics.headers["content-type"]).toContain("text/plain");
    expect(metrics.text).toContain("process_cpu_seconds_total");
  });

  test("GET /readyz: a hub that stops is not ready, and lives", async () => {
    const own = await TestHub.start();
    own.http.drain();
    expect((await own.ask("/readyz")).status).toBe(503);
    expect((await own.ask("/healthz")).status).toBe(200);
    await own.stop();
  });
});
