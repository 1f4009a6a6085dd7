import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { HubClient } from "./hub-client.ts";
import { HubError } from "./hub-error.ts";
import { gate, jobBody, serve } from "./http-server.test-data.ts";
import { jobEvents } from "./job-events.ts";

const JOB = "job-12345678";

function sendJob(response: ServerResponse, id: number, state: string, done: number): void {
  response.write(`id: ${id}\nevent: job\ndata: ${JSON.stringify({ job: jobBody(JOB, state, { total: 2, done, failed: 0 }) })}\n\n`);
}

test("jobEvents: a broken stream is taken up by Last-Event-ID, until the job has ended", async () => {
  const resumedFrom: (string | undefined)[] = [];
  await using server = await serve((request, response) => {
    const lastEventId = request.headers["last-event-id"];
    resumedFrom.push(typeof lastEventId === "string" ? lastEventId : undefined);
    response.writeHead(200, { "content-type": "text/event-stream" });
    if (resumedFrom.length === 1) {
      sendJob(response, 7, "running", 0);
      response.write('id: 8\nevent: results\ndata: {"ranges":[[0,1]]}\n\n', () => response.destroy());
    } else {
      sendJob(response, 9, "completed", 2);
    }
  });
  const seen: string[] = [];
  const interruptions: HubError[] = [];
  for await (const event of jobEvents(new HubClient(server.url), JOB, { onInterruption: (error) => interruptions.push(error) })) {
    seen.push(event.type === "job" ? event.job.state : event.type);
  }
  expect(seen).toEqual(["running", "results", "completed"]);
  expect(resumedFrom).toEqual([undefined, "8"]);
  expect(interruptions).toHaveLength(1);
});

test("jobEvents: a hub that is away for a moment is asked again", async () => {
  let asked = 0;
  await using server = await serve((_, response) => {
    asked++;
    if (asked === 1) response.writeHead(503).end();
    else sendJob(response, 1, "cancelled", 0);
  });
  const states: string[] = [];
  for await (const event of jobEvents(new HubClient(server.url), JOB)) if (event.type === "job") states.push(event.job.state);
  expect(states).toEqual(["cancelled"]);
  expect(asked).toBe(2);
});

test("jobEvents: a job that is not there is an error at once", async () => {
  await using server = await serve((_, response) => {
    response.writeHead(404).end(JSON.stringify({ type: "about:blank", title: "t", status: 404, detail: "there is no such job" }));
  });
  await expect(jobEvents(new HubClient(server.url), JOB).next()).rejects.toThrow(`Cannot follow job ${JOB}: there is no such job`);
});

test("jobEvents: an event that does not fit is an error, and the stream is not asked for again", async () => {
  await using server = await serve((_, response) => { response.write('event: job\ndata: {"job":{}}\n\n'); });
  await expect(jobEvents(new HubClient(server.url), JOB).next()).rejects.toThrow(HubError);
});

test("jobEvents: its signal ends it while it waits", async () => {
  const asked = gate();
  await using server = await serve(() => { asked.open(); });
  const stop = new AbortController();
  const next = jobEvents(new HubClient(server.url), JOB, { signal: stop.signal }).next();
  await asked.opened;
  stop.abort();
  expect((await next).done).toBe(true);
});
