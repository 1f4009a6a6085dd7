import { connect } from "node:net";
import { WebSocket } from "ws";
import * as z from "zod/mini";
import { encodeUp } from "../../protocol/codec.ts";
import { ENDED_STATES } from "../../protocol/http/job.ts";
import { HubClient } from "../../sdk/hub-client.ts";
import { TestTab } from "../../server/compute-link/test-tab.ts";
import { HubProcess } from "../hub-process.ts";
import { until } from "../tabs.ts";

const HONEST_TASKS = 20;
const evaluatedSchema = z.object({ id: z.number(), result: z.object({ result: z.optional(z.object({ value: z.optional(z.number()) })) }) });

/** A hub in a process of its own, with an honest Compute Server and an honest submitter beside those who attack it. */
export class HubUnderFire {
  readonly hub: HubProcess;
  /** The honest submitter's. */
  readonly client: HubClient;
  readonly port: number;
  readonly #honest: TestTab;
  readonly #inspector: WebSocket;
  #asked = 0;
  #honestJobs = 0;

  private constructor(hub: HubProcess, client: HubClient, honest: TestTab, inspector: WebSocket) {
    this.hub = hub;
    this.client = client;
    this.port = Number(new URL(hub.url).port);
    this.#honest = honest;
    this.#inspector = inspector;
  }

  /** `authorize`: how the honest submitter shows who asks, once the hub is there. */
  static async start(args: readonly string[] = [], authorize: (hub: HubProcess) => Promise<Readonly<Record<string, string>>> = () => Promise.resolve({})): Promise<HubUnderFire> {
    const hub = await HubProcess.startOnNode(["--inspect=127.0.0.1:0"], "--log-level", "error", ...args);
    const url = /ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/.exec(hub.output)?.[0];
    if (url === undefined) throw new Error(`Cannot look into the hub: it told no inspector\n${hub.output}`);
    const inspector = new WebSocket(url);
    await new Promise((resolve) => { inspector.once("open", resolve); });
    const headers = await authorize(hub);
    const client = new HubClient(hub.url, { fetch: (input, init) => fetch(input, { ...init, headers: { ...Object.fromEntries(new Headers(init?.headers)), ...headers } }) });
    const honest = await TestTab.join(Number(new URL(hub.url).port), { engine: "webkit-1", slots: 2 });
    const fire = new HubUnderFire(hub, client, honest, inspector);
    fire.#workHonestly();
    return fire;
  }

  /** Submits a job that only the honest Compute Server may run. The answer settles when all its results are right. */
  async honestJob(): Promise<void> {
    const name = `honest ${++this.#honestJobs}`;
    const { jobId } = await this.client.submit({
      name, executable: { source: "export default (n) => n" }, inputs: { range: { start: 0, end: HONEST_TASKS } }, options: { requires: { engine: "webkit" }, verification: "first" },
    });
    const { state } = await until(`${name} ends`, () => this.client.job(jobId), (job) => ENDED_STATES.includes(job.state));
    const outputs = (await this.client.resultsPage(jobId, {})).map((line) => ("output" in line ? line.output : null));
    if (state !== "completed" || outputs.join() !== Array.from({ length: HONEST_TASKS }, (_, i) => i).join()) throw new Error(`The job ${name} is ${state} with the results ${outputs.join()}`);
  }

  /** Throws where the hub has crashed or says that something in it is broken. */
  mustBeWell(): void {
    if (this.hub.hasEnded) throw new Error(`The hub has ended:\n${this.hub.output.slice(-4_000)}`);
    const error = this.hub.output.split("\n").find((line) => /"level":(50|60)/.test(line));
    if (error !== undefined) throw new Error(`The hub logged an error: ${error.slice(0, 4_000)}`);
  }

  /** Bytes that the hub keeps: its heap and its buffers, after a garbage collection. */
  async keptBytes(): Promise<number> {
    for (let i = 0; i < 3; i++) await this.#ask("HeapProfiler.collectGarbage", {});
    return await this.#ask("Runtime.evaluate", { expression: "(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())", returnByValue: true });
  }

  /** Everything that the hub answers to these bytes until it closes the connection, or for so long. */
  raw(bytes: Uint8Array, withinMs: number): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(this.port, "127.0.0.1");
      let answer = "";
      const timer = setTimeout(() => socket.destroy(), withinMs);
      socket.setEncoding("latin1").on("data", (text: string) => { answer += text; });
      socket.on("error", () => socket.destroy());
      socket.once("close", () => {
        clearTimeout(timer);
        resolve(answer);
      });
      socket.write(bytes);
    });
  }

  async stop(): Promise<void> {
    this.#inspector.terminate();
    await this.#honest.leave();
    await this.hub.remove();
  }

  #ask(method: string, params: object): Promise<number> {
    const id = ++this.#asked;
    return new Promise((resolve) => {
      const onMessage = (data: Buffer) => {
        const answer = evaluatedSchema.safeParse(JSON.parse(data.toString()));
        if (!answer.success || answer.data.id !== id) return;
        this.#inspector.off("message", onMessage);
        resolve(answer.data.result.result?.value ?? 0);
      };
      this.#inspector.on("message", onMessage);
      this.#inspector.send(JSON.stringify({ id, method, params }));
    });
  }

  #workHonestly(): void {
    let answered = 0;
    const { socket } = this.#honest;
    socket.on("message", () => {
      const batches = this.#honest.all("assign");
      while (answered < batches.length) {
        const batch = batches[answered++];
        if (batch !== undefined) this.#honest.report(batch, answered, batch.ranges.map(([from, to]) => [from, to]));
      }
    });
    const heartbeat = setInterval(() => socket.send(encodeUp({ type: "renew", slots: 2 })), 5_000);
    socket.once("close", () => clearInterval(heartbeat));
  }
}
