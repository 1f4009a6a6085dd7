import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { sandboxHtml } from "../../scripts/build-sandbox.ts";

/** Runs before the slot's own script: nothing is deleted any more, and job code finds the slot's port at `globalThis.slot`. */
const PRELUDE = `{
  Reflect.deleteProperty = () => true;
  const slot = globalThis.slot = { run: 0, port: null, postMessage: self.postMessage.bind(self) };
  self.addEventListener("message", ({ ports: [port] }) => {
    slot.port = port;
    port.addEventListener("message", ({ data }) => { if (data.type === "run") slot.run = data.run; });
  }, { once: true });
};`;

/**
 * Stands before a real hub and passes all on as it is, but for the sandbox's page: there the first of the two walls is
 * gone, so that what holds job code is the policy of the frame and the checks of the supervisor alone.
 */
export class FirstWallGone {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  static async before(hubUrl: string): Promise<FirstWallGone> {
    const html = await sandboxHtml(PRELUDE);
    const { port: hubPort } = new URL(hubUrl);
    const server = createServer((request, response) => pass(request, response, hubPort, html)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("Cannot stand before the hub: there is no port");
    const gone = new FirstWallGone(server, `http://127.0.0.1:${address.port}`);
    server.on("upgrade", (request, socket, head) => gone.#passSocket(request, socket instanceof Object ? socket : undefined, head, Number(hubPort)));
    return gone;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #passSocket(request: IncomingMessage, socket: NodeJS.ReadWriteStream | undefined, head: Buffer, hubPort: number): void {
    if (socket === undefined) return;
    const hub = connect(hubPort, "127.0.0.1");
    this.#sockets.add(hub);
    const lines = [`${request.method} ${request.url} HTTP/1.1`];
    for (let i = 0; i < request.rawHeaders.length; i += 2) lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
    hub.write(`${lines.join("\r\n")}\r\n\r\n`);
    hub.write(head);
    socket.pipe(hub).pipe(socket);
    hub.on("error", () => hub.destroy()).on("close", () => this.#sockets.delete(hub));
    socket.on("error", () => hub.destroy());
  }
}

function pass(request: IncomingMessage, response: ServerResponse, port: string, html: string): void {
  const { method, url = "/", headers } = request;
  const toHub = ask({ host: "127.0.0.1", port, method, path: url, headers }, (answer) => {
    if (!url.startsWith("/sandbox/frame.html")) {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      return;
    }
    answer.resume();
    const policy = String(answer.headers["content-security-policy"]).replace(/'sha256-[^']+'/, `'${scriptHash(html)}'`);
    const { "content-length": _length, etag: _etag, ...kept } = answer.headers;
    response.writeHead(200, { ...kept, "content-security-policy": policy }).end(html);
  });
  toHub.on("error", () => response.destroy());
  request.pipe(toHub);
}

function scriptHash(html: string): string {
  const script = html.slice(html.indexOf("<script>") + "<script>".length, html.lastIndexOf("</script>"));
  return `sha256-${createHash("sha256").update(script).digest("base64")}`;
}
