import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { FLUSH_TASKS } from "../worker/slot/slot-messages.ts";
import { noticeSchema, type Notice, type Order, type Servers, type Work } from "./synthetic/orders.ts";

/** The lease that a tab asks for. */
const LEASE_MS = 30_000;

/** Those that run: one that was frozen would outlive this process. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

type NoticeOf<T extends Notice["type"]> = Extract<Notice, { readonly type: T }>;

/**
 * Synthetic Compute Servers in a process of their own: they speak the real protocol with a real hub over real sockets;
 * their slots answer at once, or sleep.
 */
export class SyntheticServers {
  readonly #child: ChildProcess;
  readonly #notices: Notice[] = [];
  #look: () => void = () => undefined;
  #ended = false;

  private constructor(child: ChildProcess) {
    this.#child = child;
    running.add(child);
    child.on("message", (message) => {
      this.#notices.push(noticeSchema.parse(message));
      this.#look();
    });
    child.once("exit", () => {
      this.#ended = true;
      running.delete(child);
      this.#look();
    });
  }

  /** Starts the process; nothing is connected yet. */
  static async prepare(): Promise<SyntheticServers> {
    const servers = new SyntheticServers(fork(join(import.meta.dirname, "synthetic/servers-process.ts")));
    await servers.#next("ready");
    return servers;
  }

  /** … and connects them: settles when all are registered. */
  static async start(hubUrl: string, options: Partial<Omit<Servers, "hubUrl">>): Promise<SyntheticServers> {
    const servers = await SyntheticServers.prepare();
    await servers.connect(hubUrl, options);
    return servers;
  }

  async connect(hubUrl: string, options: Partial<Omit<Servers, "hubUrl">>): Promise<void> {
    this.#order({ type: "start", servers: { count: 1, slots: 1, taskMs: 0, reportTasks: FLUSH_TASKS, leaseMs: LEASE_MS, mayBeLost: false, ...options, hubUrl } });
    await this.#next("registered");
  }

  /** Destroys their sockets without a word. */
  cut(): void {
    this.#order({ type: "cut" });
  }

  /** Connects them again, each as who it was: settles when all are registered. */
  async comeBack(): Promise<void> {
    this.#order({ type: "come-back" });
    await this.#next("registered");
  }

  /** From now on they say nothing, and their sockets stay open. */
  freeze(): void {
    this.#child.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child.kill("SIGCONT");
  }

  /** Ends the process at once. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** What they did since it was asked for last. */
  async takeWork(): Promise<Work> {
    this.#order({ type: "tell-work" });
    return (await this.#next("work")).work;
  }

  /** Throws Error when one of them failed, for example because the hub closed its link. */
  assertSound(): void {
    const trouble = this.#notices.find((notice) => notice.type === "failed");
    if (trouble !== undefined) throw new Error(`Cannot go on with synthetic Compute Servers: ${trouble.why}`);
  }

  /** Waits for the acknowledgement of all that was reported, then ends. Answers how many tasks were reported. */
  async stop(): Promise<number> {
    this.#order({ type: "stop" });
    return (await this.#next("stopped")).tasks;
  }

  #order(order: Order): void {
    this.#child.send(order);
  }

  async #next<T extends Notice["type"]>(type: T): Promise<NoticeOf<T>> {
    const isWanted = (notice: Notice): notice is NoticeOf<T> => notice.type === type;
    for (;;) {
      const position = this.#notices.findIndex(isWanted);
      const [found] = position === -1 ? [] : this.#notices.splice(position, 1).filter(isWanted);
      if (found !== undefined) return found;
      this.assertSound();
      if (this.#ended) throw new Error(`Cannot wait until synthetic Compute Servers are ${type}: their process has ended`);
      await new Promise<void>((resolve) => { this.#look = resolve; });
    }
  }
}
