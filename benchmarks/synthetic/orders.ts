import * as z from "zod/mini";

/** How the synthetic Compute Servers of one process are. */
export const serversSchema = z.object({
  hubUrl: z.string(),
  count: z.int(),
  slots: z.int(),
  /** What a task takes; 0: it is answered at once. */
  taskMs: z.number(),
  /** Of tasks that are answered at once, as many go into one report at most. */
  reportTasks: z.int(),
  /** The lease asked for. */
  leaseMs: z.int(),
  /** Links may be lost: they are frozen on purpose, and then the hub is right to close them. */
  mayBeLost: z.boolean(),
});
export type Servers = z.infer<typeof serversSchema>;

/** What synthetic Compute Servers did, since it was asked for last. */
export const workSchema = z.object({
  /** From its first task's begin to its last one's end, added up over all slots. 0 where tasks are answered at once. */
  spansMs: z.number(),
  /** When (Unix ms) how many results were acknowledged, thus on disk, in order of time. */
  acknowledged: z.array(z.tuple([z.number(), z.int()])),
});
export type Work = z.infer<typeof workSchema>;

/** From the benchmark to a process of synthetic Compute Servers. */
export const orderSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("start"), servers: serversSchema }),
  /** Destroy every socket, without a word. */
  z.object({ type: z.literal("cut") }),
  /** Connect again, each as who it was. */
  z.object({ type: z.literal("come-back") }),
  /** Tell what was done, and begin to count anew. */
  z.object({ type: z.literal("tell-work") }),
  /** Wait until all that was reported is acknowledged, unregister, and end. */
  z.object({ type: z.literal("stop") }),
]);
export type Order = z.infer<typeof orderSchema>;

/** From such a process to the benchmark. */
export const noticeSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready") }),
  /** Every one is registered. */
  z.object({ type: z.literal("registered") }),
  z.object({ type: z.literal("work"), work: workSchema }),
  /** Everything reported was acknowledged. */
  z.object({ type: z.literal("stopped"), tasks: z.int(), messages: z.int() }),
  z.object({ type: z.literal("failed"), why: z.string() }),
]);
export type Notice = z.infer<typeof noticeSchema>;
