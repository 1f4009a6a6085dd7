import { Worker } from "bullmq";
import * as z from "zod/mini";

// A BullMQ worker in a process of its own, forked by peers/bullmq.ts: argv holds the queue, Redis's port, the concurrency.

const [queue, port, concurrency] = z.tuple([z.string(), z.coerce.number(), z.coerce.number()]).parse(process.argv.slice(2));

const worker = new Worker(queue, (job) => Promise.resolve(job.data), { connection: { host: "127.0.0.1", port }, concurrency });
await worker.waitUntilReady();
process.send?.("ready");
process.on("disconnect", () => process.exit(0));
