import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { jobEventSchema, type JobEvent } from "../../protocol/http/job-event.ts";
import type { JobId } from "../../protocol/ids.ts";
import { TestHub } from "./test-hub.ts";

let hub: TestHub;
beforeAll(async () => { hub = await TestHub.start(); });
afterAll(async () => { await hub.stop(); });
afterEach(() => { vi.useRealTimers(); });

type Received = JobEvent & { readonly id: string };

/** A reader of a job's events, one after the other. */
class Events {
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #abort: AbortController;
  #text = "";

  private constructor(stream: ReadableStream<string>, abort: AbortController) {
    this.#reader = stream.getReader();
    this.#abort = abort;
  }

  static async open(jobId: JobId, lastEventId?: string): Promise<Events> {
    const abort = new AbortController();
    const response = await fetch(`${hub.url}/api/jobs/${jobId}/events`, {
      signal: abort.signal, headers: lastEventId === undefined ? {} : { "last-event-id": lastEventId },
    });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    if (response.body === null) throw new Error("Cannot read events: there is no body");
    return new Events(response.body.pipeThrough(new TextDecoderStream()), abort);
  }

  async next(): Promise<Received> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end !== -1) {
        const event = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        if (!event.startsWith(":")) return received(event);
        continue;
      }
      const { value, done } = await this.#reader.read();
      if (done) throw new Error("Cannot read the next event: the stream has ended");
      this.#text += value;
    }
  }

  /** The next event that is wanted; what comes before it is passed over. */
  async until(isWanted: (event: Received) => boolean): Promise<Received> {
    for (;;) {
      const event = await this.next();
      if (isWanted(event)) return event;
    }
  }

  /** Leaves, and waits until the hub has seen it. */
  async leave(): Promise<void> {
    this.#abort.abort();
    await expect(this.#reader.read()).rejects.toThrow();
  }
}

function received(text: string): Received {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(text)?.[1] ?? "";
  const data: unknown = JSON.parse(field("data"));
  return { ...jobEventSchema.parse({ type: field("event"), ...(typeof data === "object" ? data : {}) }), id: field("id") };
}

const covers = (event: Received, index: number) => event.type === "results" && event.ranges.some(([from, to]) => from <= index && index < to);

describe("GET /api/jobs/{jobId}/events", () => {
  test("events: first the job and what can be read, then every change", async () => {
    const jobId = await hub.submit([0, 1, 2, 3]);
    await hub.finish(jobId, 0, ["a", "b"]);
    const events = await Events.open(jobId);
    expect(await events.next()).toMatchObject({ type: "job", job: { jobId, tasks: { done: 2, total: 4 } } });
    expect(await events.next()).toMatchObject({ type: "results", ranges: [[0, 2]] });
    await hub.finish(jobId, 2, ["c"]);
    // A reading of the job that was under way may tell of the result before its own event does.
    const awaited = { result: false, count: false };
    await events.until((event) => {
      awaited.result ||= covers(event, 2);
      awaited.count ||= event.type === "job" && event.job.tasks.done === 3;
      return awaited.result && awaited.count;
    });
    hub.grid.tell(jobId, { type: "log", index: 3, line: "hello" });
    expect(await events.until((event) => event.type === "log")).toMatchObject({ index: 3, line: "hello" });
    await hub.finish(jobId, 3, ["d"]);
    await hub.grid.setState(jobId, "completed");
    expect(await events.until((event) => event.type === "job" && event.job.state === "completed")).toMatchObject({ job: { tasks: { done: 4 } } });
    await events.leave();
  });

  test("events: the first result is told at once, whatever was told before it, and the next ones together", async () => {
    const jobId = await hub.submit([0, 1, 2, 3]);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const events = await Events.open(jobId);
    await events.until(({ type }) => type === "job");
    vi.advanceTimersByTime(1); // the job is read anew for a viewer that has come
    await hub.finish(jobId, 0, ["a"]);
    vi.advanceTimersByTime(1);
    expect(await events.until(({ type }) => type === "results")).toMatchObject({ ranges: [[0, 1]] });
    await hub.finish(jobId, 1, ["b"]);
    vi.advanceTimersByTime(1);
    await hub.finish(jobId, 2, ["c"]);
    vi.advanceTimersByTime(250);
    expect(await events.until(({ type }) => type === "results")).toMatchObject({ ranges: [[1, 3]] });
    await events.leave();
  });

  test("events: a state that changes while viewers are being told is told right after", async () => {
    const jobId = await hub.submit([0]);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const events = await Events.open(jobId);
    await events.until(({ type }) => type === "job");
    await hub.archive.setJobState(jobId, "running", Date.now());
    hub.grid.tell(jobId, { type: "state" });
    const ended = hub.archive.setJobState(jobId, "completed", Date.now());
    hub.grid.tell(jobId, { type: "state" });
    await ended;
    // No timer of the feed goes off.
    expect(await events.until((event) => event.type === "job" && event.job.state === "completed")).toBeDefined();
    await events.leave();
  });

  test("events: after a broken connection only what was missed, and the job", async () => {
    const jobId = await hub.submit([0, 1, 2, 3]);
    const first = await Events.open(jobId);
    await hub.finish(jobId, 0, ["a"]);
    const seen = await first.until((event) => covers(event, 0));
    await first.leave();
    await hub.finish(jobId, 2, ["c"]);
    await hub.finish(jobId, 3, ["d"]);
    const second = await Events.open(jobId, seen.id);
    const missed = new Set<number>();
    for (;;) {
      const event = await second.next();
      if (event.type !== "results") continue;
      for (const [from, to] of event.ranges) for (let index = from; index < to; index++) missed.add(index);
      if (missed.has(3)) break;
    }
    expect([...missed].toSorted((a, b) => a - b)).toEqual([2, 3]);
    await second.leave();
  });

  test("events: an id that is not known any more gets the whole state", async () => {
    const jobId = await hub.submit([0, 1, 2]);
    await hub.finish(jobId, 0, ["a", "b"]);
    const events = await Events.open(jobId, "forgotten-7");
    expect(await events.next()).toMatchObject({ type: "job", job: { tasks: { done: 2 } } });
    expect(await events.next()).toMatchObject({ type: "results", ranges: [[0, 2]] });
    await events.leave();
  });

  test("events: a burst of changes is told in few events, and nothing of it is lost", async () => {
    const tasks = 2_000;
    const jobId = await hub.submit({ range: { start: 0, end: tasks } });
    const events = await Events.open(jobId);
    await events.next();
    for (let i = 0; i < tasks; i++) hub.grid.tell(jobId, { type: "results", ranges: [[i, i + 1]] });
    let told = 0;
    for (let covered = 0; covered < tasks;) {
      const event = await events.next();
      told += 1;
      if (event.type === "results") for (const [from, to] of event.ranges) covered += to - from;
    }
    expect(told).toBeLessThan(20);
    await events.leave();
  });

  test("events: log lines beyond what a moment may carry are left out, and said to be", async () => {
    const jobId = await hub.submit([0]);
    const events = await Events.open(jobId);
    await events.next();
    for (let i = 0; i < 500; i++) hub.grid.tell(jobId, { type: "log", index: 0, line: `line ${i}` });
    expect(await events.until((event) => event.type === "log" && event.line.includes("left out"))).toMatchObject({ line: expect.stringContaining("400 more lines") });
    await events.leave();
  });

  test("events: a reader that does not read costs bounded memory and gets the state when it reads again (R9)", async () => {
    const jobId = await hub.submit({ range: { start: 0, end: 1_000_000 } });
    const events = await Events.open(jobId);
    await events.next();
    const line = "x".repeat(2_000);
    for (let round = 0; round < 40; round++) {
      for (let i = 0; i < 100; i++) hub.grid.tell(jobId, { type: "log", index: round, line });
      hub.grid.tell(jobId, { type: "state" }); // told at once
      await new Promise((resolve) => { setImmediate(resolve); });
    }
    await hub.finish(jobId, 7, ["seven"]);
    const other = await Events.open(jobId);
    expect(await other.until((event) => covers(event, 7))).toBeDefined();
    expect(await events.until((event) => covers(event, 7))).toBeDefined();
    await events.leave();
    await other.leave();
  });

  test("events: no such job is a 404", async () => {
    expect((await hub.ask("/api/jobs/aaaaaaaaaaaa/events")).status).toBe(404);
  });

  test("events: the hub's end ends the stream", async () => {
    const own = await TestHub.start();
    const response = await fetch(`${own.url}/api/jobs/${await own.submit([1])}/events`);
    const reader = response.body?.getReader();
    await reader?.read();
    await own.stop();
    const outcome = await (async () => {
      for (;;) {
        const piece = await reader?.read();
        if (piece === undefined || piece.done) return "ended";
      }
    })().catch(() => "cut");
    expect(["ended", "cut"]).toContain(outcome);
    expect(own.grid.listeners).toBe(0);
  });
});
