import { decodeDown } from "../../protocol/codec.ts";
import type { Down } from "../../protocol/down.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { Backoff } from "./backoff.ts";

const CONNECT_TIMEOUT_MS = 10_000;
/** What the hub answers by where a token came along. */
const SUBPROTOCOL = "manyhands";

export interface HubSocketListener {
  opened(): void;
  received(message: Down): void;
  /** The link is gone. `why` in words. A new one is tried in `retryMs`, unless the socket was stopped meanwhile. */
  closed(code: number, why: string, retryMs: number): void;
}

/** The WebSocket to the hub, made again whenever it is lost. */
export class HubSocket {
  readonly #url: string;
  readonly #token: string | null;
  readonly #listener: HubSocketListener;
  readonly #backoff = new Backoff(Math.random);
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #stopped = false;
  #sentAt = 0;

  /** `token`: an API token; null where the browser's session, or nobody, stands for this Compute Server. */
  constructor(hubUrl: string, token: string | null, listener: HubSocketListener) {
    this.#token = token;
    this.#url = `${hubUrl.replace(/^http/, "ws")}/compute?version=${PROTOCOL_VERSION}`;
    this.#listener = listener;
    self.addEventListener("online", () => {
      if (this.#socket === null && this.#timer !== null) this.connect();
    });
  }

  /** When the last frame left. */
  get sentAt(): number {
    return this.#sentAt;
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  get bufferedBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  connect(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#stopped || this.#socket !== null) return;
    // As a sub-protocol, because a page can set no header on a WebSocket, and addresses end up in logs.
    const socket = this.#token === null ? new WebSocket(this.#url) : new WebSocket(this.#url, [SUBPROTOCOL, this.#token]);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#timer = setTimeout(() => this.lose("the hub did not answer in time"), CONNECT_TIMEOUT_MS);
    socket.onopen = () => {
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#timer = null;
      this.#listener.opened();
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => this.#read(data);
    socket.onclose = ({ code, reason }) => {
      if (this.#socket === socket) this.#gone(code, reason === "" ? "the link was lost" : reason);
    };
  }

  /** Sends where there is a link; what must not be lost is kept elsewhere. */
  send(frame: Uint8Array<ArrayBuffer>): void {
    if (!this.isOpen) return;
    this.#sentAt = performance.now();
    this.#socket?.send(frame);
  }

  /** The hub has taken this tab in: the next loss begins with a short wait again. */
  settled(): void {
    this.#backoff.succeeded();
  }

  retryAfter(ms: number): void {
    this.#backoff.hint(ms);
  }

  /** Gives the link up as lost and tries anew. */
  lose(why: string): void {
    const socket = this.#socket;
    if (socket === null) return;
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
    this.#gone(1006, why);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#socket?.close(1000, "the volunteer stopped");
  }

  #gone(code: number, why: string): void {
    this.#socket = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#stopped) return;
    const retryMs = this.#backoff.nextMs();
    this.#timer = setTimeout(() => this.connect(), retryMs);
    this.#listener.closed(code, why, retryMs);
  }

  #read(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) return this.lose("the hub sent text in place of a frame");
    let message: Down;
    try {
      message = decodeDown(new Uint8Array(data));
    } catch (error) {
      return this.lose(error instanceof Error ? error.message : String(error));
    }
    this.#listener.received(message);
  }
}
