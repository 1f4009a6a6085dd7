import { describe, expect, it } from "vitest";
import { gridOf, jobSpec, only, outcomesOf, released, the } from "./fake-events.ts";

describe("Newcomers", () => {
  it("decide: the place behind a running batch is asked back once, from the job that is ahead, and goes to who has come", () => {
    const scheduler = gridOf("a");
    const probe = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("huge", { tasks: 1_000_000 }) }, 0));
    const [running, queued] = only("assign", scheduler.handle(outcomesOf(probe, { busyMs: 100 }), 100));
    if (running === undefined || queued === undefined) throw new Error("Cannot go on: there should be two batches");
    const commands = scheduler.handle({ type: "job-submitted", job: jobSpec("small") }, 150);
    expect(the("revoke", commands)).toMatchObject({ batchIds: [queued.batchId], unstartedOnly: true });
    const given = the("assign", scheduler.handle(released(queued, queued.ranges), 160));
    expect(given.jobId).toBe(jobSpec("small").jobId);
    // The huge job is not new: nothing is asked back for it, though it holds fewer batches now.
    expect(only("revoke", scheduler.handle({ type: "tick" }, 170))).toEqual([]);
  });

  it("decide: nothing is asked back for a lower priority, or where there is room", () => {
    const scheduler = gridOf("a");
    const probe = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("huge", { tasks: 1_000_000 }) }, 0));
    expect(only("revoke", scheduler.handle({ type: "job-submitted", job: jobSpec("beside") }, 10))).toEqual([]);
    scheduler.handle(outcomesOf(probe, { busyMs: 100 }), 100);
    expect(only("revoke", scheduler.handle({ type: "job-submitted", job: jobSpec("low", { priority: -1 }) }, 150))).toEqual([]);
  });
});

