import { createServer } from "node:http";
import express from "express";
import pino from "pino";
import { expect, test } from "vitest";
import { problemSchema } from "../../protocol/http/problem.ts";
import { NO_PROXIES } from "./client-address.ts";
import { problemHandler } from "./problem-response.ts";
import { submissionLimit } from "./submission-limit.ts";

test("submissionLimit: an address that submits too much is told when to come again (R9)", async () => {
  const app = express();
  app.post("/", submissionLimit({ trustProxy: NO_PROXIES }, 2), (_request, response) => { response.status(202).end(); });
  app.use(problemHandler(pino({ level: "silent" })));
  const server = createServer(app);
  await new Promise<void>((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Cannot tell the port");
  const post = () => fetch(`http://127.0.0.1:${address.port}/`, { method: "POST" });
  expect([(await post()).status, (await post()).status]).toEqual([202, 202]);
  const refused = await post();
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(problemSchema.parse(await refused.json()).detail).toContain("2 submissions");
  server.closeAllConnections();
  server.close();
});
