import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Queue, QueueEvents } from "bullmq";
import { until } from "../sleep.ts";
import { rateOver, type PromptPeer } from "./peer.ts";
import { withRedis } from "./redis-server.ts";

const QUEUE = "no-op";
const WORKERS = 2;
const CONCURRENT = 50;
/** Jobs that one call adds. */
const BULK = 1000;
const LOOK_EVERY_MS = 10;

/** A queue in Redis with workers in processes of their own. Redis at its defaults answers before anything is on disk. */
export function bullmq(redisPath: string): PromptPeer {
  return {
    name: `BullMQ + Redis, ${WORKERS} workers, ${CONCURRENT} jobs each at a time`,
    rate: (seconds) => withWorkers(redisPath, (queue) => rateOver(seconds, 2_000, (tasks) => run(queue, tasks))),
    latencies: (tasks) => withWorkers(redisPath, (queue, events) => oneByOne(queue, events, tasks)),
  };
}

async function run(queue: Queue, tasks: number): Promise<number> {
  const before = await queue.getCompletedCount();
  const startedAt = performance.now();
  for (let from = 0; from < tasks; from += BULK) {
    await queue.addBulk(Array.from({ length: Math.min(BULK, tasks - from) }, (_, i) => ({ name: "task", data: from + i })));
  }
  await until("BullMQ has run its jobs", async () => await queue.getCompletedCount() >= before + tasks, LOOK_EVERY_MS);
  return performance.now() - startedAt;
}

async function oneByOne(queue: Queue, events: QueueEvents, tasks: number): Promise<number[]> {
  const latencies: number[] = [];
  for (let n = 0; n < tasks; n++) {
    const startedAt = performance.now();
    const job = await queue.add("task", n);
    await job.waitUntilFinished(events);
    latencies.push(performance.now() - startedAt);
  }
  return latencies;
}

async function withWorkers<T>(redisPath: string, use: (queue: Queue, events: QueueEvents) => Promise<T>): Promise<T> {
  return withRedis(redisPath, async (port) => {
    const connection = { host: "127.0.0.1", port };
    const queue = new Queue(QUEUE, { connection });
    const events = new QueueEvents(QUEUE, { connection });
    const workers: ChildProcess[] = [];
    try {
      await events.waitUntilReady();
      for (let i = 0; i < WORKERS; i++) {
        const worker = fork(join(import.meta.dirname, "bullmq-worker-process.ts"), [QUEUE, String(port), String(CONCURRENT)]);
        workers.push(worker);
        await once(worker, "message");
      }
      return await use(queue, events);
    } finally {
      for (const worker of workers) worker.kill("SIGKILL");
      await events.close();
      await queue.close();
    }
  });
}
