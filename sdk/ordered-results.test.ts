import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ResultLine } from "../protocol/http/result.ts";
import { HubClient } from "./hub-client.ts";
import { gate, jobBody, serve } from "./http-server.test-data.ts";
import { orderedResults } from "./ordered-results.ts";

const JOB = "job-12345678";

/** A hub whose tasks end one after the other in this order; every `failEvery`th fails, which no `results` event tells. */
async function hubWhereTasksEnd(order: readonly number[], fails: (index: number) => boolean, cancelled: boolean) {
  const ended = new Set<number>();
  return serve(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://hub");
    if (url.pathname.endsWith("/results")) {
      const to = Number(url.searchParams.get("to") ?? Infinity);
      for (const index of [...ended].toSorted((a, b) => a - b)) {
        if (index < Number(url.searchParams.get("from")) || index >= to) continue;
        response.write(`${JSON.stringify(fails(index) ? { index, error: { message: "m", stack: "" } } : { index, output: index * 10 })}\n`);
      }
      response.end();
      return;
    }
    const send = (type: string, data: unknown) => new Promise((resolve) => { response.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`, resolve); });
    const counts = () => ({ total: order.length, done: [...ended].filter((index) => !fails(index)).length, failed: [...ended].filter(fails).length });
    for (const index of order) {
      ended.add(index);
      if (!fails(index)) await send("results", { ranges: [[index, index + 1]] });
      await send("job", { job: jobBody(JOB, "running", counts()) });
    }
    await send("job", { job: jobBody(JOB, cancelled ? "cancelled" : "completed", counts()) });
  });
}

async function allResults(url: string): Promise<ResultLine[]> {
  const lines: ResultLine[] = [];
  for await (const line of orderedResults(new HubClient(url), JOB)) lines.push(line);
  return lines;
}

test("orderedResults: every task comes once and in index order, whatever order they end in (R2)", async () => {
  const tasks = 12;
  const orders = fc.shuffledSubarray(Array.from({ length: tasks }, (_, i) => i), { minLength: tasks });
  await fc.assert(fc.asyncProperty(orders, fc.integer({ min: 2, max: 20 }), async (order, failEvery) => {
    const fails = (index: number) => index % failEvery === 1;
    await using server = await hubWhereTasksEnd(order, fails, false);
    const lines = await allResults(server.url);
    expect(lines).toEqual(Array.from({ length: tasks }, (_, index) => (fails(index) ? { index, error: { message: "m", stack: "" } } : { index, output: index * 10 })));
  }), { numRuns: 30 });
});

test("orderedResults: a cancelled job gives what is there, past its gaps", async () => {
  await using server = await hubWhereTasksEnd([5, 0, 2], () => false, true);
  const lines = await allResults(server.url);
  expect(lines.map(({ index }) => index)).toEqual([0, 2, 5]);
});

test("orderedResults: what ended before the events began is not waited for", async () => {
  const more = gate();
  await using server = await serve((request, response) => {
    if (request.url?.includes("/results") === true) {
      response.end('{"index":0,"output":0}\n');
      return;
    }
    response.write(`event: job\ndata: ${JSON.stringify({ job: jobBody(JOB, "running", { total: 2, done: 1, failed: 0 }) })}\n\n`);
    void more.opened.then(() => response.end());
  });
  const results = orderedResults(new HubClient(server.url), JOB);
  expect((await results.next()).value).toEqual({ index: 0, output: 0 });
  await results.return(undefined);
  more.open();
});

test("orderedResults: a hub that dies while results are read is asked again from where it stopped (R2)", async () => {
  let asked = 0;
  await using server = await serve((request, response) => {
    const url = new URL(request.url ?? "/", "http://hub");
    if (!url.pathname.endsWith("/results")) {
      response.end(`event: job\ndata: ${JSON.stringify({ job: jobBody(JOB, "completed", { total: 4, done: 4, failed: 0 }) })}\n\n`);
      return;
    }
    const from = Number(url.searchParams.get("from"));
    asked++;
    if (asked === 1) {
      response.write('{"index":0,"output":0}\n{"index":1,"output":10}\n', () => response.destroy());
      return;
    }
    for (let index = from; index < 4; index++) response.write(`${JSON.stringify({ index, output: index * 10 })}\n`);
    response.end();
  });
  expect(await allResults(server.url)).toEqual([0, 1, 2, 3].map((index) => ({ index, output: index * 10 })));
  expect(asked).toBeGreaterThan(1);
});
