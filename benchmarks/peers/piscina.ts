import { join } from "node:path";
import { Piscina } from "piscina";
import { rateOver, type Peer } from "./peer.ts";

const THREADS = 2;
/** Tasks that are in the hands of one thread at a time. */
const CONCURRENT = 64;
const BATCH_TASKS = 1000;
/** Promises that wait at a time: all at once would measure their memory. */
const WINDOW = 10_000;

/** A thread pool in one process: no network, no browser, nothing stored. */
export const piscina: Peer = {
  name: `piscina, ${THREADS} threads, ${CONCURRENT} tasks each at a time`,
  rate: (seconds) => withPool((pool) => rateOver(seconds, 20_000, async (tasks) => {
    const startedAt = performance.now();
    for (let from = 0; from < tasks; from += WINDOW) {
      await Promise.all(Array.from({ length: Math.min(WINDOW, tasks - from) }, (_, i) => pool.run(from + i)));
    }
    return performance.now() - startedAt;
  })),
};

/** The same where its user cuts the batches: the least that a message between two threads can cost. */
export const piscinaInBatches: Peer = {
  name: `piscina, ${THREADS} threads, batches of ${BATCH_TASKS} cut by hand`,
  rate: (seconds) => withPool((pool) => rateOver(seconds, 1_000_000, async (tasks) => {
    const startedAt = performance.now();
    for (let from = 0; from < tasks; from += WINDOW * 100) {
      const batches = Math.ceil(Math.min(WINDOW * 100, tasks - from) / BATCH_TASKS);
      await Promise.all(Array.from({ length: batches }, (_, i) => pool.run([from + i * BATCH_TASKS, Math.min(tasks, from + (i + 1) * BATCH_TASKS)], { name: "batch" })));
    }
    return performance.now() - startedAt;
  })),
};

async function withPool<T>(use: (pool: Piscina) => Promise<T>): Promise<T> {
  const pool = new Piscina({ filename: join(import.meta.dirname, "piscina-worker.ts"), minThreads: THREADS, maxThreads: THREADS, concurrentTasksPerWorker: CONCURRENT });
  try {
    return await use(pool);
  } finally {
    await pool.destroy();
  }
}
