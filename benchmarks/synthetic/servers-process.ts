import { orderSchema, type Notice, type Order, type Servers } from "./orders.ts";
import { SyntheticServer } from "./compute-server.ts";

// A process full of synthetic Compute Servers, forked by benchmarks/synthetic-servers.ts.

/** Links that are being opened at a time: fewer than a listening socket queues. */
const OPENING = 200;

let servers: readonly SyntheticServer[] = [];
let registered = 0;

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
    lost(why) {
      if (!options.mayBeLost) tell({ type: "failed", why });
    },
  }));
  return connectAll();
}

async function stop(): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
  const sum = (count: (server: SyntheticServer) => number) => servers.reduce((total, server) => total + count(server), 0);
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
    case "stop": return stop();
  }
}

process.on("message", (message) => {
  Promise.resolve(follow(orderSchema.parse(message))).catch((error: unknown) => tell({ type: "failed", why: String(error) }));
});
// Who started this process is gone.
process.on("disconnect", () => process.exit(0));
tell({ type: "ready" });
