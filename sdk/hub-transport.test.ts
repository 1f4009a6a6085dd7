import { expect, test } from "vitest";
import { executableIdSchema } from "../protocol/ids.ts";
import { HubClient } from "./hub-client.ts";
import { HubError } from "./hub-error.ts";
import { jobBody, serve } from "./http-server.test-data.ts";

const TOKEN = "mh_0123456789abcdef";

test("HubTransport: a token is sent with every call, streams too, beside the call's own headers", async () => {
  const seen: string[] = [];
  await using server = await serve((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.authorization} ${request.headers.accept}`);
    response.end('{"index":0,"output":1}\n');
  });
  const client = new HubClient(server.url, { token: TOKEN });
  await client.resultsPage("job-12345678", {});
  await client.control("job-12345678", "pause");
  expect(seen).toEqual([
    `GET /api/jobs/job-12345678/results Bearer ${TOKEN} application/x-ndjson`, `POST /api/jobs/job-12345678/pause Bearer ${TOKEN} */*`,
  ]);
});

test.each([301, 302, 303, 307, 308])("HubTransport: a redirect (%i) is not followed with a token, and the error says where it leads", async (status) => {
  const reached: string[] = [];
  await using other = await serve((request, response) => {
    reached.push(String(request.headers.authorization));
    response.end("{}");
  });
  await using server = await serve((_, response) => { response.writeHead(status, { location: `${other.url}/api/grid` }).end(); });
  const error: unknown = await new HubClient(server.url, { token: TOKEN }).grid().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(HubError);
  expect(error).toMatchObject({ status, message: expect.stringContaining(`sends on to ${other.url}. What proves who you are is not sent along`) });
  expect(reached).toEqual([]);
});

test("HubClient: the key of a shared job goes along with every reading call of it, and with no other", async () => {
  const paths: string[] = [];
  await using server = await serve((request, response) => {
    paths.push(request.url ?? "");
    response.end(JSON.stringify(jobBody("job-12345678", "running", { total: 1, done: 0, failed: 0 })));
  });
  const client = new HubClient(server.url, { keyOf: (jobId) => (jobId === "job-12345678" ? "k-1&2" : null) });
  await client.job("job-12345678");
  await client.job("job-87654321");
  await client.resultsPage("job-12345678", { from: 3 }).catch(() => undefined);
  await client.openEvents("job-12345678", null);
  await client.control("job-12345678", "pause");
  const key = "key=k-1%262";
  expect(paths).toEqual([
    `/api/jobs/job-12345678?${key}`, "/api/jobs/job-87654321", `/api/jobs/job-12345678/results?from=3&${key}`,
    `/api/jobs/job-12345678/events?${key}`, "/api/jobs/job-12345678/pause",
  ]);
});

test("HubClient.executableOf: the key in the job's own address goes along, its host does not", async () => {
  const paths: string[] = [];
  await using server = await serve((request, response) => {
    paths.push(request.url ?? "");
    response.end("export default 1");
  });
  const { executableId } = jobBody("job-12345678", "running", { total: 1, done: 0, failed: 0 });
  const job = await new HubClient(server.url).executableOf({ executableId: executableIdSchema.parse(executableId), executableUrl: `https://elsewhere.example/api/executables/${executableId}?job=j&key=k` });
  expect(job).toBe("export default 1");
  expect(paths).toEqual([`/api/executables/${executableId}?job=j&key=k`]);
});
