import { once } from "node:events";
import { WebSocket } from "ws";
import * as z from "zod/mini";

const messageSchema = z.object({ id: z.optional(z.int()), result: z.optional(z.unknown()), error: z.optional(z.object({ message: z.string() })) });
const evaluatedSchema = z.object({ result: z.object({ value: z.string() }) });
const usageSchema = z.object({ rss: z.number(), heapUsed: z.number(), external: z.number(), cpuMicros: z.number() });

const USAGE = "(() => { const { rss, heapUsed, external } = process.memoryUsage(); const { user, system } = process.cpuUsage(); return JSON.stringify({ rss, heapUsed, external, cpuMicros: user + system }); })()";

/** What a process uses now. */
export interface Usage {
  readonly residentBytes: number;
  /** JavaScript's objects, and the buffers that they hold outside the heap. */
  readonly heapBytes: number;
  /** Processor time since its start, of all its threads. */
  readonly cpuMs: number;
}

/** Asks a Node process, started with --inspect, what it uses: the same on every system, and after a collection of garbage. */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  #calls = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer) => this.#answered(data.toString()));
    socket.on("close", () => {
      for (const waiting of this.#waiting.values()) waiting.reject(new Error("Cannot ask the process: it is gone"));
      this.#waiting.clear();
    });
  }

  /** `url`: what the process printed as it started, ws://127.0.0.1:…/…. */
  static async connect(url: string): Promise<Inspector> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await once(socket, "open");
    return new Inspector(socket);
  }

  async collectGarbage(): Promise<void> {
    await this.#call("HeapProfiler.collectGarbage");
  }

  async usage(): Promise<Usage> {
    const answer = evaluatedSchema.parse(await this.#call("Runtime.evaluate", { expression: USAGE, returnByValue: true }));
    const { rss, heapUsed, external, cpuMicros } = usageSchema.parse(JSON.parse(answer.result.value));
    return { residentBytes: rss, heapBytes: heapUsed + external, cpuMs: cpuMicros / 1000 };
  }

  close(): void {
    this.#socket.terminate();
  }

  #call(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  #answered(text: string): void {
    const { id, result, error } = messageSchema.parse(JSON.parse(text));
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || waiting === undefined) return;
    this.#waiting.delete(id);
    if (error === undefined) waiting.resolve(result);
    else waiting.reject(new Error(`Cannot ask the process: ${error.message}`));
  }
}
