import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { WebSocketServer } from "ws";

/** What a page without any policy holds, for the control cases; and a thread with nothing to do, whose clock tells of the machine's own pauses. */
const PAGE = "<!doctype html><meta charset=utf-8><title>No sandbox</title>";
/** The first bytes of a STUN binding request: type and, after the length, the magic cookie. RFC 8489, section 5. */
const STUN_BINDING_REQUEST = 0x0001;
const STUN_MAGIC_COOKIE = 0x2112_a442;

/** Listens on one port of loopback for HTTP, WebSocket and UDP, answers whoever comes, and writes down that it came. */
export class Canary {
  readonly address: string;
  readonly hits: string[] = [];
  readonly #server: Server;
  readonly #udp: Socket;

  private constructor(server: Server, udp: Socket, port: number) {
    this.#server = server;
    this.#udp = udp;
    this.address = `127.0.0.1:${port}`;
    const sockets = new WebSocketServer({ server });
    sockets.on("connection", (socket, { url }) => {
      this.hits.push(`websocket ${url}`);
      socket.close();
    });
    server.on("connection", () => this.hits.push("a connection"));
    udp.on("message", (bytes) => this.hits.push(isStun(bytes) ? "stun" : `${bytes.length} bytes of udp`));
    server.on("request", (request, response) => {
      this.hits.push(`http ${request.url}`);
      const type = request.url === "/page" ? "text/html" : "text/javascript";
      response.writeHead(200, { "access-control-allow-origin": "*", "content-type": type }).end(request.url === "/page" ? PAGE : "export default 1");
    });
  }

  static async open(): Promise<Canary> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("Cannot open the canary: it has no port");
    const udp = createSocket("udp4").bind(address.port, "127.0.0.1");
    await once(udp, "listening");
    return new Canary(server, udp, address.port);
  }

  get pageUrl(): string {
    return `http://${this.address}/page`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
    this.#udp.close();
  }
}

function isStun(bytes: Buffer): boolean {
  return bytes.length >= 20 && bytes.readUInt16BE(0) === STUN_BINDING_REQUEST && bytes.readUInt32BE(4) === STUN_MAGIC_COOKIE;
}
