import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, constants, mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { freePort } from "../../e2e/hub-process.ts";
import { sleep } from "../sleep.ts";

const READY_WITHIN_MS = 10_000;

/** The path of redis-server, or null where it is not installed. */
export async function findRedis(): Promise<string | null> {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, "redis-server");
    if (await access(path, constants.X_OK).then(() => true, () => false)) return path;
  }
  return null;
}

/** Runs `use` with a Redis of its own, as it comes from its makers: on a free port, its data in a temporary folder. */
export async function withRedis<T>(path: string, use: (port: number) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "manyhands-redis-"));
  const port = await freePort();
  const server = spawn(path, ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder], { stdio: "ignore" });
  const ended = once(server, "exit");
  try {
    await answers(port);
    return await use(port);
  } finally {
    server.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

async function answers(port: number): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline) {
    const socket = connect(port, "127.0.0.1");
    const open = await once(socket, "connect").then(() => true, () => false);
    socket.destroy();
    if (open) return;
    await sleep(20);
  }
  throw new Error("Cannot measure BullMQ: redis-server does not answer");
}
