import { describe, expect, it } from "vitest";
import { batchIdSchema } from "../protocol/ids.ts";
import { Batch } from "./batch.ts";
import { ComputeServer } from "./compute-server.ts";
import { Copies } from "./copies.ts";
import { jobSpec, serverId } from "./fake-events.ts";
import { JobRun } from "./job-run.ts";
import { grantLease } from "./lease.ts";

const job = new JobRun(jobSpec("x"));
const server = new ComputeServer(serverId("a"), 0, grantLease(1_000, 1_000, 0), 0);

function batch(id: number): Batch {
  return new Batch({ batchId: batchIdSchema.parse(id), job, server, ranges: [[0, 5]], assignedAtMs: 0, taskMs: 1, waitMs: 0, copy: id > 0 });
}

describe("Copies", () => {
  const [original, first, second] = [batch(0), batch(1), batch(2)];

  it("holders: a task that is not copied is held by its batch alone", () => {
    expect(new Copies().holders(3, original)).toEqual([original]);
  });

  it("leave: names what others still hold, and forgets what is copied no more", () => {
    const copies = new Copies();
    copies.add(1, original, first);
    copies.add(2, original, first);
    copies.add(2, original, second);
    expect(copies.leave(first, 0, 5)).toEqual([1, 2]);
    expect(copies.size).toBe(1);
    expect(copies.holders(2, original)).toEqual([original, second]);
    expect(copies.leave(second, 0, 5)).toEqual([2]);
    expect(copies.size).toBe(0);
  });

  it("end: names all batches that held the tasks", () => {
    const copies = new Copies();
    copies.add(1, original, first);
    copies.add(4, original, second);
    expect(copies.end(0, 2)).toEqual([original, first]);
    expect(copies.size).toBe(1);
  });
});
