import { describe, expect, it } from "vitest";
import { batchIdSchema } from "../protocol/ids.ts";
import { Batch } from "./batch.ts";
import { ComputeServer } from "./compute-server.ts";
import { CriticalBatches } from "./critical-batches.ts";
import { jobSpec, serverId } from "./fake-events.ts";
import { JobRun } from "./job-run.ts";
import { grantLease } from "./lease.ts";

function server(name: string, speed: number): ComputeServer {
  const created = new ComputeServer(serverId(name), 0, grantLease(1_000, 1_000, 0), 0);
  created.slots = 1;
  created.statistics.measureSpeed(speed, 1);
  return created;
}

/** A job of which one task runs for long on a slow Compute Server while 999 of 100 ms wait: a grid of speed 1 needs 100 s for them. */
function grid() {
  const [slow, fast] = [server("slow", 1), server("fast", 10)];
  const job = new JobRun(jobSpec("x", { tasks: 1_000 }));
  job.state = { kind: "running", startedAtMs: 0 };
  job.timing.measure(server("usual", 1), { tasks: 100, busyMs: 10_000, wallMs: 10_000, batchTasks: 100 });
  job.pending.remove(0, 1);
  const batch = new Batch({ batchId: batchIdSchema.parse(1), job, server: slow, ranges: [[0, 1]], taskMs: 100, assignedAtMs: 0, waitMs: 0, copy: false });
  slow.batches.set(batch.batchId, batch);
  const critical = new CriticalBatches();
  return { job, batch, savedBy: (by: ComputeServer, nowMs: number) => critical.savedBy(by, [slow, fast], 1, nowMs), slow, fast };
}

describe("CriticalBatches", () => {
  it("savedBy: what will outlast all that waits is for who is done with it before", () => {
    const { batch, savedBy, slow, fast } = grid();
    // It is late, and the rest takes longer than it is expected to.
    expect(savedBy(fast, 50_000)).toEqual([]);
    expect(savedBy(fast, 200_000)).toEqual([batch]);
    expect(savedBy(slow, 200_000)).toEqual([]);
  });

  it("savedBy: nothing of a job that was paused after its batch was found", () => {
    const { job, batch, savedBy, fast } = grid();
    expect(savedBy(fast, 200_000)).toEqual([batch]);
    job.state = { kind: "paused", resumeAs: { kind: "running", startedAtMs: 0 } };
    expect(savedBy(fast, 200_100)).toEqual([]);
  });
});
