import { once } from "node:events";
import { WebSocket } from "ws";
import { decodeDown, encodeUp } from "../../protocol/codec.ts";
import type { Down } from "../../protocol/down.ts";
import type { Registered } from "../../protocol/down/registered.ts";
import type { Revoke } from "../../protocol/down/revoke.ts";
import type { ComputeServerId, ResumeToken } from "../../protocol/ids.ts";
import { countIndexes } from "../../protocol/index-range.ts";
import type { Up } from "../../protocol/up.ts";
import type { OutcomeReport } from "../../protocol/up/outcomes.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import type { Servers } from "./orders.ts";
import { AtOnceSlots, SleepingSlots, type Slots } from "./slots.ts";

export interface ServerListener {
  registered(): void;
  /** So many results are on disk. */
  acknowledged(tasks: number): void;
  /** The link is gone, and nobody here wanted it. */
  lost(why: string): void;
}

/** A Compute Server without a browser: all that a tab says to its hub, over a real WebSocket, from slots that only seem to work. */
export class SyntheticServer {
  readonly #servers: Servers;
  readonly #name: string;
  readonly #listener: ServerListener;
  readonly #slots: Slots;
  #socket: WebSocket | undefined;
  #identity: { readonly computeServerId: ComputeServerId; readonly resumeToken: ResumeToken } | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #sentAt = 0;
  #sequence = 0;
  /** Messages of outcomes that the hub has not acknowledged, in order. */
  #unacknowledged: { readonly sequence: number; readonly tasks: number }[] = [];
  #tasks = 0;
  #settled: (() => void) | undefined;

  constructor(servers: Servers, name: string, listener: ServerListener) {
    this.#servers = servers;
    this.#name = name;
    this.#listener = listener;
    const send = (reports: OutcomeReport[]) => this.#report(reports);
    this.#slots = servers.taskMs === 0 ? new AtOnceSlots(servers.reportTasks, send) : new SleepingSlots(servers.slots, servers.taskMs, send);
  }

  get tasks(): number {
    return this.#tasks;
  }

  get messages(): number {
    return this.#sequence;
  }

  takeSpanMs(): number {
    return this.#slots.takeSpanMs();
  }

  /** Opens the link and registers; settles when the socket is open. */
  async connect(): Promise<void> {
    const { hubUrl, slots, leaseMs } = this.#servers;
    const socket = new WebSocket(`${hubUrl.replace(/^http/, "ws")}/compute?version=${PROTOCOL_VERSION}`, { perMessageDeflate: false });
    this.#socket = socket;
    socket.on("message", (data: Buffer) => this.#received(decodeDown(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))));
    const opened = new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.on("error", reject);
    });
    socket.once("close", (code, reason) => this.#closed(socket, code, reason.toString()));
    await opened;
    this.#send({
      type: "register", name: this.#name, slots, engine: "synthetic-1", capabilities: [], leaseMs, holding: [],
      ...(this.#identity === undefined ? {} : { resume: this.#identity }),
    });
  }

  /** Goes without a word. */
  cut(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    clearInterval(this.#heartbeat);
    this.#slots.clear();
    socket?.terminate();
  }

  /** Settles when everything that was reported is acknowledged and the link is closed. */
  async stop(): Promise<void> {
    if (this.#unacknowledged.length > 0) await new Promise<void>((resolve) => { this.#settled = resolve; });
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#send({ type: "unregister" });
    this.#socket = undefined;
    clearInterval(this.#heartbeat);
    await once(socket, "close");
  }

  #send(message: Up): void {
    this.#sentAt = performance.now();
    this.#socket?.send(encodeUp(message));
  }

  #report(reports: OutcomeReport[]): void {
    if (this.#socket === undefined) return;
    const tasks = reports.reduce((sum, { done }) => sum + countIndexes(done), 0);
    this.#tasks += tasks;
    this.#unacknowledged.push({ sequence: ++this.#sequence, tasks });
    this.#send({ type: "outcomes", sequence: this.#sequence, reports });
  }

  #received(message: Down): void {
    switch (message.type) {
      case "registered": return this.#registered(message);
      case "assign": return this.#slots.add(message);
      case "acknowledge": return this.#acknowledged(message.upTo);
      case "revoke": return this.#revoke(message);
      case "drain": return; // what is finished meanwhile is still reported
      case "refuse": return this.#listener.lost(message.reason);
    }
  }

  #acknowledged(upTo: number): void {
    for (let [first] = this.#unacknowledged; first !== undefined && first.sequence <= upTo; [first] = this.#unacknowledged) {
      this.#unacknowledged.shift();
      this.#listener.acknowledged(first.tasks);
    }
    if (this.#unacknowledged.length === 0) this.#settled?.();
  }

  #registered({ computeServerId, resumeToken, heartbeatMs }: Registered): void {
    this.#identity = { computeServerId, resumeToken };
    clearInterval(this.#heartbeat);
    // As a tab does: looks twice a heartbeat, and renews only where nothing else was said.
    this.#heartbeat = setInterval(() => {
      if (performance.now() - this.#sentAt >= heartbeatMs / 2) this.#send({ type: "renew", slots: this.#servers.slots });
    }, heartbeatMs / 2);
    this.#listener.registered();
  }

  #revoke({ batchIds, unstartedOnly }: Revoke): void {
    for (const batchId of batchIds) {
      if (!unstartedOnly) {
        this.#slots.drop(batchId);
        continue;
      }
      const released = this.#slots.release(batchId);
      if (released === undefined || released.ranges.length === 0) continue;
      this.#send({ type: "release", batchId, jobId: released.batch.jobId, ranges: released.ranges.map(([from, to]) => [from, to]) });
    }
  }

  #closed(socket: WebSocket, code: number, reason: string): void {
    if (this.#socket !== socket) return;
    this.cut();
    this.#listener.lost(`the link was closed with code ${code}${reason === "" ? "" : `: ${reason}`}`);
  }
}
