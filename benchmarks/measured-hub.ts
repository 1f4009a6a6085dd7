import { HubProcess } from "../e2e/hub-process.ts";
import type { HubClient } from "../sdk/hub-client.ts";
import type { Settings } from "./benchmark.ts";
import { Inspector, type Usage } from "./inspector.ts";

/** A real hub in a process of its own, of which memory and processor time can be read. */
export class MeasuredHub {
  readonly process: HubProcess;
  readonly client: HubClient;
  readonly url: string;
  readonly #inspector: Inspector;
  readonly #profiled: boolean;

  private constructor(process: HubProcess, inspector: Inspector, profiled: boolean) {
    this.process = process;
    this.client = process.client;
    this.url = process.url;
    this.#inspector = inspector;
    this.#profiled = profiled;
  }

  static async start({ profileDir }: Pick<Settings, "profileDir">, ...args: string[]): Promise<MeasuredHub> {
    const profiling = profileDir === null ? [] : ["--cpu-prof", `--cpu-prof-dir=${profileDir}`];
    const process = await HubProcess.startOnNode(["--inspect=127.0.0.1:0", ...profiling], "--log-level", "warn", ...args);
    const url = /ws:\/\/\S+/.exec(process.output)?.[0];
    if (url === undefined) throw new Error(`Cannot measure the hub: it does not say where its inspector listens:\n${process.output}`);
    return new MeasuredHub(process, await Inspector.connect(url), profileDir !== null);
  }

  usage(): Promise<Usage> {
    return this.#inspector.usage();
  }

  async usageWithoutGarbage(): Promise<Usage> {
    await this.#inspector.collectGarbage();
    return this.#inspector.usage();
  }

  /** Stops it and removes its data. One that is profiled is stopped in order, or it would write no profile. */
  async close(): Promise<void> {
    this.#inspector.close();
    if (this.process.hasEnded) console.error(`The hub has ended by itself. It said:\n${this.process.output}`);
    if (this.#profiled) await this.process.stop("SIGTERM");
    await this.process.remove();
  }
}
