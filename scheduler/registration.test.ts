import { describe, expect, it } from "vitest";
import { batchIdSchema } from "../protocol/ids.ts";
import { gridOf, jobSpec, only, outcomesOf, registered, serverId, the } from "./fake-events.ts";

/** One Compute Server with a running batch and one behind it. */
function gridWithTwoBatches() {
  const scheduler = gridOf("a");
  const first = the("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("x", { tasks: 1_000 }) }, 0));
  const [running, queued] = only("assign", scheduler.handle(outcomesOf(first, { busyMs: 100 }), 100));
  if (running === undefined || queued === undefined) throw new Error("Cannot go on: there should be two batches");
  return { scheduler, running, queued };
}

describe("registerComputeServer", () => {
  it("a lost link keeps lease and batches, and nothing is assigned meanwhile", () => {
    const { scheduler, running } = gridWithTwoBatches();
    scheduler.handle({ type: "server-disconnected", computeServerId: serverId("a") }, 200);
    expect(scheduler.computeServers(200)[0]).toMatchObject({ connected: false, leaseLeftMs: 9_900, runningTasks: 1 });
    expect(only("assign", scheduler.handle({ type: "job-submitted", job: jobSpec("y") }, 300))).toEqual([]);
    const back = scheduler.handle(registered("a", { holding: [running.batchId] }), 400);
    expect(the("grant-lease", back).drop).toEqual([]);
    expect(the("accept", scheduler.handle(outcomesOf(running), 500)).ranges).toEqual(running.ranges);
  });

  it("batches that it does not hold any more wait again at once (R2)", () => {
    const { scheduler, running, queued } = gridWithTwoBatches();
    scheduler.handle({ type: "server-disconnected", computeServerId: serverId("a") }, 200);
    const back = scheduler.handle(registered("a", { holding: [running.batchId] }), 400);
    expect(the("assign", back).ranges[0]?.[0]).toBe(queued.ranges[0]?.[0]);
  });

  it("batches that are not its own it is told to drop", () => {
    const { scheduler, running, queued } = gridWithTwoBatches();
    const foreign = batchIdSchema.parse(3);
    const back = scheduler.handle(registered("a", { holding: [foreign, running.batchId, queued.batchId] }), 400);
    expect(the("grant-lease", back).drop).toEqual([foreign]);
    expect(only("assign", back)).toEqual([]);
  });

  it("after the end of its lease it holds nothing", () => {
    const { scheduler, running } = gridWithTwoBatches();
    const back = scheduler.handle(registered("a", { holding: [running.batchId] }), 20_000);
    expect(back.map(({ type }) => type).slice(0, 3)).toEqual(["revoke", "expire-server", "grant-lease"]);
    expect(the("grant-lease", back).drop).toEqual([running.batchId]);
  });

  it("what it holds of a job that was paused meanwhile it is asked to give back", () => {
    const { scheduler, running, queued } = gridWithTwoBatches();
    scheduler.handle({ type: "server-disconnected", computeServerId: serverId("a") }, 200);
    expect(only("revoke", scheduler.handle({ type: "job-paused", jobId: running.jobId }, 300))).toEqual([]);
    const back = scheduler.handle(registered("a", { holding: [running.batchId, queued.batchId] }), 400);
    expect(the("revoke", back)).toMatchObject({ batchIds: [running.batchId, queued.batchId], unstartedOnly: true });
  });
});
