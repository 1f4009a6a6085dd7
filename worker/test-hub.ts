import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isDeepStrictEqual } from "node:util";
import { extname, join, normalize } from "node:path";
import { WebSocketServer, type WebSocket } from "ws";
import { decodeUp, encodeDown } from "../protocol/codec.ts";
import type { Assign } from "../protocol/down/assign.ts";
import type { Down } from "../protocol/down.ts";
import { batchIdSchema, computeServerIdSchema, executableIdSchema, jobIdSchema, loadBalancerIdSchema, resumeTokenSchema, blobIdSchema, type BlobId, type JobId } from "../protocol/ids.ts";
import { LIMITS } from "../protocol/limits.ts";
import type { LargeValues } from "../protocol/large-values.ts";
import { PackedValues, packValues } from "../protocol/packed-values.ts";
import { decodeValue, encodeValue, type Value } from "../protocol/value.ts";
import type { TaskFailure } from "../protocol/up/outcomes.ts";
import type { Up } from "../protocol/up.ts";
import { indexesOf } from "./batch-positions.ts";

// A small hub for the tests of the Compute Server: real HTTP, real WebSocket, the real codec and the sandbox's real
// headers, with just enough behind them to hand out batches and to keep what comes back.

const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
/** How long a Compute Server is given to say something. */
const LEASE_MS = 10_000;

export interface TestHubOptions {
  /** Folders whose files are served, the first that has one. */
  readonly folders: readonly string[];
  readonly sandboxHtml: string;
}

/** A job that was handed out: what came back of it. */
export class TestJob {
  readonly jobId: JobId;
  readonly outputs = new Map<number, Value>();
  readonly failures: TaskFailure[] = [];
  /** Outputs that came a second time, which happens only when a message is sent again. */
  repeated = 0;
  /** Of these, how many were not the same bytes as before. */
  differing = 0;
  busyMs = 0;
  readonly batches: Assign[] = [];

  constructor(jobId: JobId) {
    this.jobId = jobId;
  }

  /** Outputs that were counted and not kept, because the hub keeps none. */
  counted = 0;

  get ended(): number {
    return this.outputs.size + this.counted + this.failures.length;
  }
}

export interface JobOrder {
  readonly source: string;
  readonly inputs: { readonly range: readonly [start: number, end: number] } | { readonly values: readonly unknown[] };
  readonly batchTasks?: number;
  readonly taskTimeoutMs?: number;
  /** Its batches are handed out in turn with those of jobs before it. */
  readonly interleave?: boolean;
}

export class TestHub {
  readonly jobs = new Map<JobId, TestJob>();
  readonly received: Up[] = [];
  readonly blobs = new Map<BlobId, Uint8Array>();
  /** Every register is refused with these words, and the page told to reload. */
  refuses: string | null = null;
  /** Whether outcomes are acknowledged. */
  acknowledges = true;
  /** Whether outputs are decoded and kept, which costs more than computing small ones. */
  keepsOutputs = true;
  /** Batches that a client holds at once. */
  window = 4;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: LIMITS.frameBytes });
  readonly #options: TestHubOptions;
  readonly #executables = new Map<string, Uint8Array>();
  readonly #waiting: Assign[] = [];
  readonly #held = new Map<number, number>();
  readonly #waiters = new Set<() => void>();
  /** Links over which a Compute Server is registered. */
  readonly #registered = new Set<WebSocket>();
  #batches = 0;
  #port = 0;

  private constructor(options: TestHubOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
    this.#server.on("upgrade", (request, socket, head) => {
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#join(client));
    });
  }

  static async start(options: TestHubOptions): Promise<TestHub> {
    const hub = new TestHub(options);
    await hub.listen(0);
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get sandboxOrigin(): string {
    return `http://*.localhost:${this.#port}`;
  }

  listen(port = this.#port): Promise<void> {
    return new Promise((resolve) => {
      this.#server.listen(port, () => {
        const address = this.#server.address();
        if (isAddress(address)) this.#port = address.port;
        resolve();
      });
    });
  }

  /** Cuts every link and listens no more, as a hub that was killed. */
  async close(): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => { this.#server.close(resolve); });
  }

  /** Cuts every link; a client may come back at once. */
  cut(code = 1012): void {
    for (const client of this.#sockets.clients) client.close(code, "cut by the test");
  }

  /** Hands out a job in batches. */
  submit({ source, inputs, batchTasks = 1000, taskTimeoutMs = 60_000, interleave = false }: JobOrder): TestJob {
    const bytes = new TextEncoder().encode(source);
    const executableId = executableIdSchema.parse(sha256(bytes));
    this.#executables.set(executableId, bytes);
    const job = new TestJob(jobIdSchema.parse(`job-${randomBytes(9).toString("base64url")}`));
    this.jobs.set(job.jobId, job);
    const total = "range" in inputs ? inputs.range[1] - inputs.range[0] : inputs.values.length;
    for (let from = 0; from < total; from += batchTasks) {
      const to = Math.min(total, from + batchTasks);
      job.batches.push({
        type: "assign", batchId: batchIdSchema.parse(++this.#batches), jobId: job.jobId, jobName: "test", owner: "tester", executableId, taskTimeoutMs, ranges: [[from, to]],
        inputs: "range" in inputs ? { kind: "range", start: inputs.range[0], step: 1 } : { kind: "values", ...this.#pack(inputs.values.slice(from, to), from) },
      });
    }
    this.#waiting.push(...job.batches);
    if (interleave) this.#waiting.sort((a, b) => (a.ranges[0]?.[0] ?? 0) - (b.ranges[0]?.[0] ?? 0));
    this.#deal();
    return job;
  }

  /** Hands all tasks of a job out again. */
  repeat(job: TestJob): void {
    this.#waiting.push(...job.batches.map((batch) => ({ ...batch, batchId: batchIdSchema.parse(++this.#batches) })));
    this.#deal();
  }

  send(message: Down): void {
    for (const client of this.#sockets.clients) client.send(encodeDown(message));
  }

  /** Settles when the condition holds, looked at after each message. */
  async until(what: string, condition: () => boolean, timeoutMs = 60_000): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#waiters.delete(look);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiters.delete(look);
        reject(new Error(`${what} did not happen in ${timeoutMs} ms`));
      }, timeoutMs);
      this.#waiters.add(look);
      look();
    });
  }

  #pack(values: readonly unknown[], from: number): { packed: Uint8Array; large: LargeValues } {
    const large: LargeValues = [];
    const packed = values.map((value, i) => {
      const bytes = encodeValue(value);
      if (bytes.byteLength <= LIMITS.inlinePayloadBytes) return bytes;
      large.push({ index: from + i, blobId: this.#store(bytes), bytes: bytes.byteLength });
      return new Uint8Array(0);
    });
    return { packed: packValues(packed), large };
  }

  #store(bytes: Uint8Array): BlobId {
    const blobId = blobIdSchema.parse(sha256(bytes));
    this.blobs.set(blobId, bytes);
    return blobId;
  }

  #join(client: WebSocket): void {
    client.on("message", (data) => {
      if (data instanceof Buffer) this.#handle(client, decodeUp(new Uint8Array(data)));
      for (const look of this.#waiters) look();
    });
    client.on("error", () => client.terminate());
    client.on("close", () => this.#registered.delete(client));
  }

  #handle(client: WebSocket, message: Up): void {
    this.received.push(message);
    switch (message.type) {
      case "register": {
        if (this.refuses !== null) return client.send(encodeDown({ type: "refuse", reason: this.refuses, reload: true }));
        const resume = message.resume ?? { computeServerId: computeServerIdSchema.parse(randomBytes(9).toString("base64url")), resumeToken: resumeTokenSchema.parse(randomBytes(24).toString("base64url")) };
        const registered: Down = { type: "registered", ...resume, loadBalancerId: loadBalancerIdSchema.parse("test"), leaseMs: LEASE_MS, heartbeatMs: 1_000, drop: [] };
        client.send(encodeDown(registered));
        this.#registered.add(client);
        return this.#deal();
      }
      case "outcomes":
        for (const report of message.reports) this.#keep(report);
        if (this.acknowledges) client.send(encodeDown({ type: "acknowledge", upTo: message.sequence }));
        return this.#deal();
      case "release": this.#held.delete(message.batchId); return;
      case "unregister":
        this.#held.clear();
        this.#registered.delete(client);
        return;
      case "renew": case "progress": return;
    }
  }

  #keep(report: (Up & { type: "outcomes" })["reports"][number]): void {
    const job = this.jobs.get(report.jobId);
    if (job === undefined) return;
    const packed = new PackedValues(report.outputs);
    let position = 0;
    if (!this.keepsOutputs) {
      position = packed.count;
      job.counted += position;
    } else for (const index of indexesOf(report.done)) {
      const large = report.large.find((value) => value.index === index);
      const bytes = large === undefined ? packed.at(position) : this.blobs.get(large.blobId);
      position++;
      if (bytes === undefined) throw new Error(`the blob of task ${index} was never stored`);
      const output = decodeValue(bytes);
      if (!job.outputs.has(index)) job.outputs.set(index, output);
      else {
        job.repeated++;
        if (!isDeepStrictEqual(job.outputs.get(index), output)) job.differing++;
      }
    }
    job.failures.push(...report.failures);
    job.busyMs += report.busyMs;
    const left = (this.#held.get(report.batchId) ?? 0) - position - report.failures.length;
    if (left > 0) this.#held.set(report.batchId, left);
    else this.#held.delete(report.batchId);
  }

  #deal(): void {
    const [client] = this.#registered;
    if (client === undefined) return;
    for (const batch of this.#waiting.splice(0, Math.max(0, this.window - this.#held.size))) {
      this.#held.set(batch.batchId, batch.ranges.reduce((sum, [from, to]) => sum + to - from, 0));
      client.send(encodeDown(batch));
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", this.url);
    const isSandbox = pathname === "/sandbox/frame.html";
    if (isSandbox) return void response.writeHead(200, this.#sandboxHeaders()).end(this.#options.sandboxHtml);
    if (pathname === "/api/grid") return void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ sandboxOrigin: this.sandboxOrigin }));
    if (pathname === "/compute/blobs" && request.method === "POST") return this.#saveBlob(request, response);
    if (pathname === "/favicon.ico") return void response.writeHead(204).end();
    const stored = pathname.startsWith("/compute/executables/") ? this.#executables.get(pathname.slice(21)) : this.#blobAt(pathname);
    if (stored !== undefined) return void response.writeHead(200, { "content-type": "application/octet-stream" }).end(stored);
    for (const folder of this.#options.folders) {
      const file = await readFile(join(folder, normalize(pathname))).catch(() => undefined); // not in this folder
      if (file !== undefined) return void response.writeHead(200, this.#pageHeaders(extname(pathname))).end(file);
    }
    response.writeHead(404).end();
  }

  #blobAt(pathname: string): Uint8Array | undefined {
    const id = blobIdSchema.safeParse(pathname.replace("/compute/blobs/", ""));
    return id.success ? this.blobs.get(id.data) : undefined;
  }

  async #saveBlob(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers["x-compute-server"] === undefined || !String(request.headers.authorization).startsWith("Bearer ")) return void response.writeHead(403).end();
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk);
    const bytes = new Uint8Array(Buffer.concat(chunks));
    response.writeHead(201, { "content-type": "application/json" }).end(JSON.stringify({ blobId: this.#store(bytes), bytes: bytes.byteLength }));
  }

  #pageHeaders(extension: string): Record<string, string> {
    const policy = `default-src 'self'; connect-src 'self' ws://127.0.0.1:${this.#port}; worker-src 'self'; frame-src http://*.localhost:${this.#port} 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
    return { "content-type": TYPES[extension] ?? "application/octet-stream", "content-security-policy": policy, "cross-origin-opener-policy": "same-origin" };
  }

  #sandboxHeaders(): Record<string, string> {
    const script = /<script>([\s\S]*)<\/script>/.exec(this.#options.sandboxHtml)?.[1] ?? "";
    const hash = createHash("sha256").update(script).digest("base64");
    return {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; script-src 'sha256-${hash}' 'unsafe-eval' 'wasm-unsafe-eval' blob:; worker-src blob:; connect-src 'none'; base-uri 'none'; form-action 'none'; webrtc 'block'; frame-ancestors ${this.url}; sandbox allow-scripts`,
      "connection-allowlist": "()",
      "permissions-policy": "camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), bluetooth=(), payment=(), display-capture=()",
      "origin-agent-cluster": "?1", "cross-origin-resource-policy": "cross-origin", "referrer-policy": "no-referrer", "x-content-type-options": "nosniff", "x-dns-prefetch-control": "off",
    };
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}
