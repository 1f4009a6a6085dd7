import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HubClient } from "../sdk/hub-client.ts";

/** Those that run: none shall outlive this process. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** A real hub in a process of its own, on a port and a data folder that stay the same when it is started again. */
export class HubProcess {
  readonly url: string;
  readonly client: HubClient;
  readonly dataDir: string;
  readonly #port: number;
  readonly #nodeArgs: readonly string[];
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;
  #output = "";

  private constructor(port: number, dataDir: string, nodeArgs: readonly string[], args: readonly string[]) {
    this.#port = port;
    this.#nodeArgs = nodeArgs;
    this.url = `http://127.0.0.1:${port}`;
    this.client = new HubClient(this.url);
    this.dataDir = dataDir;
    this.#args = args.map((arg) => arg.replaceAll("{port}", String(port)));
  }

  /** "{port}" in an argument stands for its port. */
  static start(...args: string[]): Promise<HubProcess> {
    return HubProcess.startOnNode([], ...args);
  }

  /** The same with options for Node itself. */
  static async startOnNode(nodeArgs: readonly string[], ...args: string[]): Promise<HubProcess> {
    const hub = new HubProcess(await freePort(), await mkdtemp(join(tmpdir(), "manyhands-hub-")), nodeArgs, args);
    await hub.start();
    return hub;
  }

  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** By itself, or because it was told to. */
  get hasEnded(): boolean {
    const child = this.#child;
    return child === undefined || child.exitCode !== null || child.signalCode !== null;
  }

  async start(): Promise<void> {
    const main = join(import.meta.dirname, "../server/main.ts");
    const child = spawn(process.execPath, [...this.#nodeArgs, main, "--port", String(this.#port), "--data", this.dataDir, "--no-open", ...this.#args], { stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    running.add(child);
    child.once("exit", () => running.delete(child));
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => { this.#output += text; });
    const ended = once(child, "exit").then(() => { throw new Error(`The hub ended before it was ready:\n${this.#output}`); });
    await Promise.race([this.#ready(), ended]);
    ended.catch(() => undefined);
  }

  /** Sends a signal and waits for the end. Answers the exit code, null after a kill. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || this.hasEnded) return child?.exitCode ?? null;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
    return child.exitCode;
  }

  async remove(): Promise<void> {
    await this.stop("SIGKILL");
    await rm(this.dataDir, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    for (;;) {
      const ok = await fetch(`${this.url}/readyz`).then((response) => response.ok, () => false);
      if (ok) return;
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("Cannot find a free port");
  return address.port;
}
