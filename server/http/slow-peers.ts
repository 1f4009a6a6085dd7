import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { HttpLimits } from "../limits.ts";

/** A request that is being received or answered. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
  /** Bytes that had come, and that the peer's side had taken, at the last look. */
  readBytes: number;
  takenBytes: number;
  /** Looks in a row at which it was too slow. */
  slowLooks: number;
}

const SLOW_LOOKS = 2;

/** Cuts off who sends a body, or reads an answer, so slowly that it can only be meant to keep the connection. */
export class SlowPeers {
  readonly #exchanges = new Set<Exchange>();
  readonly #timer: NodeJS.Timeout;
  readonly #leastBytes: number;
  readonly #onRefusal: (limit: string) => void;

  constructor({ slowLookMs, leastBytesPerSecond }: Pick<HttpLimits, "slowLookMs" | "leastBytesPerSecond">, onRefusal: (limit: string) => void) {
    this.#leastBytes = (leastBytesPerSecond * slowLookMs) / 1000;
    this.#onRefusal = onRefusal;
    this.#timer = setInterval(() => this.#look(), slowLookMs).unref();
  }

  began(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const exchange: Exchange = { request, response, socket, readBytes: socket.bytesRead, takenBytes: taken(socket), slowLooks: 0 };
    this.#exchanges.add(exchange);
    response.once("close", () => this.#exchanges.delete(exchange));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const exchange of this.#exchanges) {
      exchange.slowLooks = this.#isSlow(exchange) ? exchange.slowLooks + 1 : 0;
      exchange.readBytes = exchange.socket.bytesRead;
      exchange.takenBytes = taken(exchange.socket);
      if (exchange.slowLooks < SLOW_LOOKS) continue;
      this.#onRefusal("leastBytesPerSecond");
      this.#cutOff(exchange);
    }
  }

  /** Only what waits for the peer counts: a hub that is slow itself is no fault of it. */
  #isSlow({ request, response, socket, readBytes, takenBytes }: Exchange): boolean {
    if (socket.writableLength > 0) return taken(socket) - takenBytes < this.#leastBytes;
    // A body that nobody reads yet waits for the hub; of one that nobody wants the answer is out.
    return !request.complete && !request.isPaused() && !response.headersSent && socket.bytesRead - readBytes < this.#leastBytes;
  }

  #cutOff({ response, socket }: Exchange): void {
    if (response.headersSent || socket.writableLength > 0) return void socket.destroy();
    response.writeHead(408, { "Connection": "close", "Content-Type": "text/plain" });
    response.end("Cannot wait for the rest of this request: it comes too slowly.\n", () => socket.destroy());
  }
}

/** Bytes that the peer's side has taken. */
function taken(socket: Socket): number {
  return socket.bytesWritten - socket.writableLength;
}
