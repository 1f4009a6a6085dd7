import { orderSchema, type Notice, type Order, type Servers, type Work } from "./orders.ts";
import { SyntheticServer } from "./compute-server.ts";

// A process full of synthetic Compute Servers, forked by benchmarks/synthetic-servers.ts.

const SLICE_MS = 20;
/** Links that are being opened at a time: fewer than a listening socket queues. */
const OPENING = 200;

let servers: readonly SyntheticServer[] = [];
let registered = 0;
/** Results that were acknowledged, by the slice of time. */
let acknowledged = new Map<number, number>();

function tell(notice: Notice): void {
  process.send?.(notice);
}

async function connectAll(): Promise<void> {
  registered = 0;
  const waiting = [...servers];
  await Promise.all(Array.from({ length: OPENING }, async () => {
    for (let server = waiting.pop(); server !== undefined; server = waiting.pop()) await server.connect();
  }));
}

function start(options: Servers): Promise<void> {
  servers = Array.from({ length: options.count }, (_, i) => new SyntheticServer(options, `synthetic ${process.pid}-${i}`, {
    registered() {
      if (++registered === options.count) tell({ type: "registered" });
    },
    acknowledged(tasks) {
      const slice = Math.ceil(Date.now() / SLICE_MS);
      acknowledged.set(slice, (acknowledged.get(slice) ?? 0) + tasks);
    },
    lost(why) {
      if (!options.mayBeLost) tell({ type: "failed", why });
    },
  }));
  return connectAll();
}

function sum(amount: (server: SyntheticServer) => number): number {
  return servers.reduce((total, server) => total + amount(server), 0);
}

function takeWork(): Work {
  const work: Work = { spansMs: sum((server) => server.takeSpanMs()), acknowledged: [...acknowledged].map(([slice, tasks]) => [slice * SLICE_MS, tasks]) };
  acknowledged = new Map();
  return work;
}

async function stop(): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
  tell({ type: "stopped", tasks: sum(({ tasks }) => tasks), messages: sum(({ messages }) => messages) });
  process.disconnect();
}

function follow(order: Order): Promise<void> | void {
  switch (order.type) {
    case "start": return start(order.servers);
    case "cut": return servers.forEach((server) => server.cut());
    case "come-back":
      servers.forEach((server) => server.cut());
      return connectAll();
    case "tell-work": return tell({ type: "work", work: takeWork() });
    case "stop": return stop();
  }
}

process.on("message", (message) => {
  Promise.resolve(follow(orderSchema.parse(message))).catch((error: unknown) => tell({ type: "failed", why: String(error) }));
});
// Who started this process is gone.
process.on("disconnect", () => process.exit(0));
tell({ type: "ready" });
