import { expect, test } from "vitest";
import { HubClient } from "./hub-client.ts";
import { HubError } from "./hub-error.ts";
import { gate, serve } from "./http-server.test-data.ts";

async function failure(promise: Promise<unknown>): Promise<HubError> {
  const error: unknown = await promise.then(() => undefined, (reason: unknown) => reason);
  if (error instanceof HubError) return error;
  throw new Error("Cannot go on: the call did not fail with a HubError", { cause: error });
}

const problem = (status: number, detail: string, more = {}) => JSON.stringify({ type: "about:blank", title: "t", status, detail, ...more });

test("HubClient: an answer that fits its schema is given back parsed", async () => {
  await using server = await serve((request, response) => {
    response.end(JSON.stringify({ loadBalancers: [{ loadBalancerId: request.url?.slice(5), address: "a", leaseLeftMs: null, computeServers: 1, slots: 2, runningTasks: 0, jobs: 0 }] }));
  });
  const [balancer] = await new HubClient(`${server.url}/`).loadBalancers();
  expect(balancer).toEqual({ loadBalancerId: "load-balancers", address: "a", leaseLeftMs: null, computeServers: 1, slots: 2, runningTasks: 0, jobs: 0 });
});

test("HubClient: filters become the query, what is not given is left out", async () => {
  let asked = "";
  await using server = await serve((request, response) => {
    asked = request.url ?? "";
    response.end('{"jobs":[],"nextCursor":null}');
  });
  await new HubClient(server.url).jobs({ q: "a b&c", state: "failed" });
  expect(asked).toBe("/api/jobs?q=a+b%26c&state=failed");
});

test("HubError: a problem's detail, kind and places are told", async () => {
  await using server = await serve((_, response) => {
    response.writeHead(422).end(JSON.stringify({
      type: "/problems/unreadable-executable", title: "t", status: 422, detail: "it does not parse", errors: [{ message: "Unexpected token", line: 3, column: 7 }],
    }));
  });
  const error = await failure(new HubClient(server.url).submit({ name: "n", executable: { source: "x" }, inputs: [1] }));
  expect(error.kind).toBe("unreadable-executable");
  expect(error.status).toBe(422);
  expect(error.message).toBe('Cannot submit job "n": it does not parse\n  line 3, column 7: Unexpected token');
});

test("HubError: a detail that is a sentence already is not wrapped again", async () => {
  await using server = await serve((_, response) => { response.writeHead(409).end(problem(409, "Cannot pause job x: it has ended")); });
  const error = await failure(new HubClient(server.url).control("x", "pause"));
  expect([error.message, error.kind]).toEqual(["Cannot pause job x: it has ended", "conflict"]);
});

test("HubError: a hub that cannot be reached is unavailable, with the address and why", async () => {
  const server = await serve(() => undefined);
  await server[Symbol.asyncDispose]();
  const error = await failure(new HubClient(server.url).grid());
  expect(error.kind).toBe("unavailable");
  expect(error.status).toBe(0);
  expect(error.message).toMatch(/^Cannot read the grid's pulse: the hub at http:\/\/127\.0\.0\.1:\d+ cannot be reached \(.*ECONNREFUSED.*\)$/);
});

test("HubError: a page of something else than a hub is told as such", async () => {
  await using server = await serve((_, response) => { response.end("<html>"); });
  expect((await failure(new HubClient(server.url).job("12345678"))).message).toContain("Is this address a Manyhands hub?");
});

test("HubError: an error page from a proxy in between keeps its status", async () => {
  await using server = await serve((_, response) => { response.writeHead(503).end("<html>"); });
  const error = await failure(new HubClient(server.url).job("12345678"));
  expect([error.status, error.kind, error.problem]).toEqual([503, "unavailable", null]);
});

test("HubClient.results: a line is given while later ones are not there yet", async () => {
  const more = gate();
  await using server = await serve(async (_, response) => {
    response.write('{"index":0,"output":1}\n');
    await more.opened;
    response.end('{"index":1,"error":{"message":"m","stack":"s"}}\n');
  });
  const results = new HubClient(server.url).results("12345678");
  expect((await results.next()).value).toEqual({ index: 0, output: 1 });
  more.open();
  expect((await results.next()).value).toEqual({ index: 1, error: { message: "m", stack: "s" } });
  expect((await results.next()).done).toBe(true);
});

test("HubClient.results: leaving early ends the stream at the hub", async () => {
  const closed = gate();
  await using server = await serve((_, response) => {
    response.on("close", closed.open);
    response.write('{"index":0,"output":1}\n');
  });
  for await (const line of new HubClient(server.url).results("12345678")) {
    expect(line.index).toBe(0);
    break;
  }
  await closed.opened;
});

test("HubClient.results: a stream that breaks is an error, never a short list", async () => {
  await using server = await serve((_, response) => {
    response.write('{"index":0,"output":1}\n', () => response.destroy());
  });
  expect((await failure(new HubClient(server.url).resultsPage("12345678", {}))).kind).toBe("unavailable");
});
