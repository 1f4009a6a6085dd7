import { once } from "node:events";
import { WebSocket } from "ws";
import { decodeDown, encodeUp } from "../../protocol/codec.ts";
import type { Down } from "../../protocol/down.ts";
import type { IndexRanges } from "../../protocol/index-range.ts";
import { packValues } from "../../protocol/packed-values.ts";
import type { Up } from "../../protocol/up.ts";
import type { OutcomeReport } from "../../protocol/up/outcomes.ts";
import type { Register } from "../../protocol/up/register.ts";
import { encodeValue } from "../../protocol/value.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";

type DownOf<T extends Down["type"]> = Extract<Down, { readonly type: T }>;

const LINK_PATH = `/compute?version=${PROTOCOL_VERSION}`;

/** What the opening of the link shows. */
interface Opening {
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
}

const WAIT_MS = 100_000;

/** A Compute Server of which a test says every frame, on a real WebSocket. */
export class TestTab {
  readonly socket: WebSocket;
  readonly received: Down[] = [];
  /** With what the hub closed the link. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly #waiters = new Set<() => void>();
  #ended = false;

  constructor(port: number, path = LINK_PATH, { headers = {}, protocols = [] }: Opening = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, [...protocols], { headers });
    this.socket.on("message", (data: Buffer) => {
      this.received.push(decodeDown(new Uint8Array(data)));
      for (const look of this.#waiters) look();
    });
    this.socket.on("error", () => this.socket.terminate());
    this.closed = new Promise((resolve) => {
      this.socket.once("close", (code, reason) => {
        this.#ended = true;
        for (const look of this.#waiters) look();
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  static async open(port: number, path?: string, opening?: Opening): Promise<TestTab> {
    const tab = new TestTab(port, path, opening);
    await once(tab.socket, "open");
    return tab;
  }

  /** Opens a link and registers over it. */
  static async join(port: number, changes: Partial<Register> = {}, opening: Opening = {}): Promise<TestTab> {
    const tab = await TestTab.open(port, LINK_PATH, opening);
    tab.register(changes);
    await tab.first("registered");
    return tab;
  }

  send(message: Up): void {
    this.socket.send(encodeUp(message));
  }

  register(changes: Partial<Register> = {}): void {
    this.send({ type: "register", name: "a tab", slots: 1, engine: "test-1", capabilities: [], leaseMs: 60_000, holding: [], ...changes });
  }

  get identity(): NonNullable<Register["resume"]> {
    const [registered] = this.all("registered");
    if (registered === undefined) throw new Error("Cannot tell who this tab is: it is not registered");
    return { computeServerId: registered.computeServerId, resumeToken: registered.resumeToken };
  }

  /** Reports numbers as the outputs of these tasks. */
  report({ batchId, jobId }: Pick<DownOf<"assign">, "batchId" | "jobId">, sequence: number, done: IndexRanges, changes: Partial<OutcomeReport> = {}): void {
    const outputs = packValues(done.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => encodeValue(from + i))));
    const report: OutcomeReport = { batchId, jobId, done: done.map(([from, to]) => [from, to]), outputs, large: [], failures: [], busyMs: 1, ...changes };
    this.send({ type: "outcomes", sequence, reports: [report] });
  }

  /** Fails these tasks of a batch. */
  reportFailures(batch: Pick<DownOf<"assign">, "batchId" | "jobId">, sequence: number, indexes: readonly number[]): void {
    this.report(batch, sequence, [], { failures: indexes.map((index) => ({ index, kind: "error", message: `failed ${index}`, stack: "" })) });
  }

  all<T extends Down["type"]>(type: T): DownOf<T>[] {
    return this.received.filter((message): message is DownOf<T> => message.type === type);
  }

  /** The first message of this type after `skip` others, once it has come. */
  async first<T extends Down["type"]>(type: T, skip = 0): Promise<DownOf<T>> {
    await this.until(`${type} number ${skip + 1}`, () => this.all(type).length > skip);
    const message = this.all(type)[skip];
    if (message === undefined) throw new Error(`Cannot wait for ${type}: there is none`);
    return message;
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => finish(new Error(`Cannot wait any longer for ${what}: there came ${JSON.stringify(this.received.map(({ type }) => type))}`)), WAIT_MS);
      const finish = (error?: Error) => {
        clearTimeout(timer);
        this.#waiters.delete(look);
        if (error === undefined) resolve();
        else reject(error);
      };
      const look = () => {
        if (holds()) finish();
        else if (this.#ended) finish(new Error(`Cannot wait for ${what}: the link was closed`));
      };
      this.#waiters.add(look);
      look();
    });
  }

  /** Goes without a word. */
  async leave(): Promise<void> {
    this.socket.terminate();
    await this.closed;
  }
}
