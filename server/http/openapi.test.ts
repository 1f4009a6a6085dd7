import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { TestHub } from "./test-hub.ts";

const operationSchema = z.object({
  operationId: z.string(),
  summary: z.string(),
  parameters: z.array(z.object({ name: z.string(), in: z.enum(["path", "query", "header"]), required: z.boolean(), schema: z.looseObject({}) })),
  responses: z.record(z.string(), z.looseObject({ description: z.string() })),
});
const documentSchema = z.looseObject({
  openapi: z.literal("3.1.0"),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.record(z.enum(["get", "post", "put", "delete"]), z.optional(operationSchema))),
  components: z.object({ schemas: z.record(z.string(), z.looseObject({})) }),
});

let hub: TestHub;
let text: string;
let document: z.infer<typeof documentSchema>;
beforeAll(async () => {
  hub = await TestHub.start();
  text = (await hub.ask("/api/openapi.json")).text;
  document = documentSchema.parse(JSON.parse(text));
});
afterAll(async () => { await hub.stop(); });

function operations() {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => (operation === undefined ? [] : [{ path, method, operation }])));
}

describe("GET /api/openapi.json", () => {
  test("openApi: every reference leads to a schema of the document", () => {
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) {
      expect(reference).toMatch(/^#\/components\/schemas\//);
      expect(Object.keys(document.components.schemas)).toContain(reference.slice("#/components/schemas/".length));
    }
    expect(text).not.toMatch(/"\$(id|schema)":/);
  });

  test("openApi: operations have names of their own, and every placeholder of a path is a parameter", () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations()) {
      const placeholders = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect(operation.parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name)).toEqual(placeholders);
      expect(operation.parameters.filter((parameter) => parameter.in === "path").every(({ required }) => required)).toBe(true);
      expect(operation.responses).toHaveProperty("default");
    }
  });

  test("openApi: holds every call of DESIGN.md 5.2", () => {
    const there = operations().map(({ path, method }) => `${method} ${path}`);
    for (const call of [
      "post /api/jobs", "get /api/jobs", "get /api/jobs/{jobId}", "put /api/executables/{executableId}", "get /api/executables/{executableId}",
      "post /api/jobs/{jobId}/cancel", "post /api/jobs/{jobId}/pause", "post /api/jobs/{jobId}/resume", "post /api/jobs/{jobId}/retry",
      "get /api/jobs/{jobId}/results", "get /api/jobs/{jobId}/results/{index}", "get /api/jobs/{jobId}/picture.png", "get /api/jobs/{jobId}/events",
      "get /api/jobs/{jobId}/tasks", "get /api/gallery", "get /api/load-balancers", "get /api/compute-servers", "get /api/compute-servers/{computeServerId}", "get /api/grid", "get /api/policies",
      "get /healthz", "get /readyz", "get /metrics", "get /compute", "get /api/openapi.json",
    ]) expect(there).toContain(call);
  });

  test("openApi: what it documents is served", async () => {
    for (const { path, method } of operations()) {
      const answer = await hub.ask(path.replace("{jobId}", "a".repeat(12)).replace("{index}", "0").replace(/\{\w+\}/, "0".repeat(64)), { method: method.toUpperCase() });
      expect(answer.status, `${method} ${path}`).not.toBe(405);
      if (answer.status === 404) expect(answer.text).not.toContain("nothing is there");
    }
  });

  test("openApi: a job's schema is what the route answers by", () => {
    expect(document.components.schemas["Job"]).toMatchObject({ type: "object", properties: { tasks: { type: "object" }, state: { enum: expect.arrayContaining(["queued"]) } } });
    expect(document.components.schemas["Submission"]).toMatchObject({ required: ["name", "executable", "inputs"] });
    expect(document.components.schemas["Submission"]).toMatchObject({
      properties: { options: { properties: { policy: { enum: expect.arrayContaining(["least-expected-finish", "random"]) } }, additionalProperties: false } },
    });
  });
});

describe("GET /api", () => {
  test("apiPage: names every call, and needs no script", async () => {
    const page = await hub.ask("/api");
    expect(page.headers["content-type"]).toContain("text/html");
    expect(page.text).not.toContain("<script");
    for (const name of Object.keys(document.components.schemas)) expect(page.text).toContain(`<details id="${name}">`);
    for (const { path } of operations()) expect(page.text).toContain(`<code>${path}</code>`);
  });
});
