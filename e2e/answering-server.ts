import { once } from "node:events";
import { WebSocket } from "ws";
import { decodeDown, encodeUp } from "../protocol/codec.ts";
import type { Assign } from "../protocol/down/assign.ts";
import type { ComputeServerId, ResumeToken } from "../protocol/ids.ts";
import { packValues } from "../protocol/packed-values.ts";
import type { Up } from "../protocol/up.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";

/** The encoded output of a task, by what its input is. */
export type Answer = (input: number, index: number) => Uint8Array;

const ANSWER_MS = 5;
const COME_BACK_MS = 200;

/** A Compute Server without a browser, over a real WebSocket, whose every answer a test writes, down to its bytes. It comes back when its link is cut. */
export class AnsweringServer {
  readonly #url: string;
  readonly #name: string;
  readonly #answer: Answer;
  readonly #engine: string;
  /** Reports that the hub has not acknowledged. */
  #unacknowledged: Extract<Up, { type: "outcomes" }>[] = [];
  #identity: { readonly computeServerId: ComputeServerId; readonly resumeToken: ResumeToken } | undefined;
  #socket: WebSocket | undefined;
  #sequence = 0;
  #stopped = false;

  private constructor(hubUrl: string, name: string, answer: Answer, engine: string) {
    this.#url = `${hubUrl.replace(/^http/, "ws")}/compute?version=${PROTOCOL_VERSION}`;
    this.#name = name;
    this.#answer = answer;
    this.#engine = engine;
  }

  static async join(hubUrl: string, name: string, answer: Answer, engine = "chromium-140"): Promise<AnsweringServer> {
    const server = new AnsweringServer(hubUrl, name, answer, engine);
    await server.#connect();
    return server;
  }

  get computeServerId(): string {
    return this.#identity?.computeServerId ?? "";
  }

  stop(): void {
    this.#stopped = true;
    this.#socket?.terminate();
  }

  async #connect(): Promise<void> {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      if (!this.#stopped) setTimeout(() => void this.#connect().catch(() => undefined), COME_BACK_MS);
    });
    socket.on("message", (data: Buffer) => this.#received(new Uint8Array(data)));
    await once(socket, "open");
    const resume = this.#identity === undefined ? {} : { resume: this.#identity };
    this.#send({ type: "register", name: this.#name, slots: 1, engine: this.#engine, capabilities: [], leaseMs: 30_000, holding: [], ...resume });
    await new Promise<void>((resolve, reject) => {
      socket.once("close", () => reject(new Error(`Cannot register ${this.#name}: the link was closed`)));
      socket.on("message", () => { if (this.#identity !== undefined) resolve(); });
    });
  }

  #received(frame: Uint8Array): void {
    const message = decodeDown(frame);
    if (message.type === "registered") {
      this.#identity = { computeServerId: message.computeServerId, resumeToken: message.resumeToken };
      for (const outcomes of this.#unacknowledged) this.#send(outcomes);
    } else if (message.type === "assign") setTimeout(() => this.#run(message), ANSWER_MS);
    else if (message.type === "acknowledge") this.#unacknowledged = this.#unacknowledged.filter(({ sequence }) => sequence > message.upTo);
  }

  #run({ batchId, jobId, ranges, inputs }: Assign): void {
    if (inputs.kind !== "range") throw new Error("Cannot answer: the job's inputs are no range");
    const indexes = ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i));
    const outputs = packValues(indexes.map((index) => this.#answer(inputs.start + inputs.step * index, index)));
    const outcomes = { type: "outcomes" as const, sequence: ++this.#sequence, reports: [{ batchId, jobId, done: ranges, outputs, large: [], failures: [], busyMs: ANSWER_MS * indexes.length }] };
    this.#unacknowledged.push(outcomes);
    this.#send(outcomes);
  }

  #send(message: Up): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(encodeUp(message));
  }
}
