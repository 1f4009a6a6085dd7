import * as Comlink from "comlink";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Assign } from "../../protocol/down/assign.ts";
import { batchIdSchema, executableIdSchema, jobIdSchema } from "../../protocol/ids.ts";
import { packValues } from "../../protocol/packed-values.ts";
import type { RunOrder } from "../slot/slot-messages.ts";
import type { SlotControl, SlotListener } from "../supervisor/slot-control.ts";
import { BatchQueue } from "./batch-queue.ts";
import { HubFiles } from "./hub-files.ts";
import { Outbox } from "./outbox.ts";
import { ProgressSender } from "./progress-sender.ts";
import { ReportSender } from "./report-sender.ts";
import { SlotPool } from "./slot-pool.ts";
import { Statistics } from "./statistics.ts";

let pool: SlotPool;
let queue: BatchQueue;
let outbox: Outbox;
/** "open 1", "load 1 job", "close 1": what became of the sandboxes, by their numbers. */
let events: string[];
let batches: number;

/** A supervisor whose slot does every task at once. */
class QuickSlot implements SlotControl {
  readonly #sandboxId: number;
  #listener: SlotListener | null = null;

  constructor(sandboxId: number) {
    this.#sandboxId = sandboxId;
  }

  listen(listener: SlotListener): void {
    this.#listener = listener;
  }

  load(jobId: string): Promise<{ readonly loaded: true; readonly hasDefault: boolean }> {
    events.push(`load ${this.#sandboxId} ${jobId}`);
    return Promise.resolve({ loaded: true, hasDefault: true });
  }

  run({ run, ranges, count }: RunOrder): void {
    const outputs = packValues(Array.from({ length: count }, () => Uint8Array.of(7)));
    this.#listener?.outcomes({ run, reported: count, done: ranges, outputs, failures: [], busyMs: 1, ended: true });
  }

  cancel(): void {}

  inspect(): Promise<never> {
    return Promise.reject(new Error("Cannot inspect: this slot only runs tasks"));
  }
}

beforeEach(() => {
  events = [];
  batches = 0;
  vi.spyOn(globalThis, "fetch").mockImplementation(() => Promise.resolve(new Response("export default (n) => n")));
  queue = new BatchQueue();
  outbox = new Outbox(1);
  const files = new HubFiles("http://hub", () => null);
  let opened = 0;
  pool = new SlotPool({
    files, queue, statistics: new Statistics(0), sender: new ReportSender(outbox, files, () => undefined), progress: new ProgressSender(() => undefined), cpuShare: 1,
    openSandbox() {
      const sandboxId = ++opened;
      events.push(`open ${sandboxId}`);
      const { port1, port2 } = new MessageChannel();
      Comlink.expose(new QuickSlot(sandboxId), port1);
      return Promise.resolve({ sandboxId, control: port2 });
    },
    closeSandbox: (sandboxId) => events.push(`close ${sandboxId}`),
    changed: () => undefined, trouble: () => undefined, released: () => undefined,
  });
});

afterEach(() => {
  pool.close();
  vi.restoreAllMocks();
});

/** Hands the pool one task of this job; settles when its result is on its way to the hub. */
async function runOne(job: string): Promise<void> {
  const assign: Assign = {
    type: "assign", batchId: batchIdSchema.parse(++batches), jobId: jobIdSchema.parse(job), jobName: job, owner: "ada", executableId: executableIdSchema.parse("0".repeat(64)),
    ranges: [[0, 1]], inputs: { kind: "range", start: 0, step: 1 }, taskTimeoutMs: 1_000,
  };
  queue.add(assign);
  pool.dispatch();
  await expect.poll(() => outbox.batchIds()).toContain(assign.batchId);
}

/** The hub has everything. */
function acknowledge(): void {
  outbox.acknowledge(Number.MAX_SAFE_INTEGER);
  pool.dispatch();
}

test("SlotPool: a job gets a sandbox that was open before it came; the next one is opened when the hub has the results", async () => {
  pool.setSlots(1);
  await runOne("job-number-1");
  pool.dispatch();
  expect(events).toEqual(["open 1", "load 1 job-number-1"]);
  acknowledge();
  expect(events.at(-1)).toBe("open 2");
  await runOne("job-number-2");
  expect(events.slice(3)).toEqual(["load 2 job-number-2"]);
});

test("SlotPool: the sandbox of the job that ran longest ago ends when the slot idles, not while the next job waits", async () => {
  pool.setSlots(1);
  for (const job of ["job-number-1", "job-number-2", "job-number-3"]) {
    await runOne(job);
    if (job !== "job-number-3") acknowledge();
  }
  expect(events.filter((event) => event.startsWith("close"))).toEqual([]);
  acknowledge();
  expect(events.slice(-2)).toEqual(["close 1", "open 4"]);
});

test("SlotPool: a slot that is never idle keeps no more sandboxes than its last jobs'", async () => {
  pool.setSlots(1);
  for (let job = 1; job <= 6; job++) await runOne(`job-number-${job}`);
  const open = events.filter((event) => event.startsWith("open")).length - events.filter((event) => event.startsWith("close")).length;
  expect(open).toBe(3);
});

test("SlotPool: work of a job goes to the slot that has it loaded", async () => {
  pool.setSlots(2);
  for (let i = 0; i < 3; i++) {
    await runOne("job-number-1");
    acknowledge();
  }
  expect(events.filter((event) => event.startsWith("load"))).toHaveLength(1);
});
