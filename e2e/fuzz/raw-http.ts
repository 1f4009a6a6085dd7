import type { SeededRandom } from "../../scheduler/seeded-random.ts";
import { pick, randomFrame } from "./mutate.ts";

/** Lines of requests that no client library would send. */
const PARTS: readonly [string, ...string[]] = [
  "GET / HTTP/1.1\r\n", "GET /api/jobs HTTP/1.1\r\n", "POST /api/jobs HTTP/1.1\r\n", "GET / HTTP/9.9\r\n", "GET / HTTP/1.0\r\n", "GET\r\n", "get /api/grid http/1.1\r\n", "GET http://evil.example/ HTTP/1.1\r\n", "CONNECT evil.example:443 HTTP/1.1\r\n",
  "OPTIONS * HTTP/1.1\r\n", "GET //evil.example/%2e%2e/ HTTP/1.1\r\n", "GET /\u0000 HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /compute?version=3 HTTP/1.1\r\n", "GET /api/jobs/%E0%A4%A HTTP/1.1\r\n",
  "Host: 127.0.0.1\r\n", "Host: 127.0.0.1\r\nHost: evil.example\r\n", "Host:\r\n", "Host: a b\r\n", "Connection: Upgrade\r\nUpgrade: websocket\r\n", "Connection: Upgrade\r\nUpgrade: h2c\r\n", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n",
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "Sec-WebSocket-Protocol: manyhands, , mh_x\r\n", "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=999\r\n",
  "Content-Length: 5\r\n", "Content-Length: -1\r\n", "Content-Length: 99999999999999999999\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\n",
  "Transfer-Encoding: chunked, identity\r\n", "Transfer-Encoding: xchunked\r\n", "Expect: 100-continue\r\n", "Expect: 200-maybe\r\n", "Content-Type: application/json\r\n", "Content-Type: application/json\r\nContent-Type: text/plain\r\n",
  "X: y\r\n folded\r\n", "X : y\r\n", ": empty\r\n", "X\r\n", "Cookie: manyhands=a; manyhands=b\r\n", `X: ${"y".repeat(20_000)}\r\n`, "X: y\n", "X: \u0000\r\n", "Range: bytes=0-,0-,0-\r\n", "\r\n", "\r\n\r\n", "5\r\nhello\r\n", "0\r\n\r\n", "ffffffffffffffff\r\n", "-1\r\n", "5;ext=1\r\nhello\r\n", "{}", "\u0016\u0003\u0001\u0002\u0000",
];

/** Bytes that begin like a request, mostly, and go wrong somewhere. */
export function brokenRequest(random: SeededRandom): Buffer {
  const many = random.below(30) === 0 ? Array.from({ length: 3_000 }, (_, i) => `h${i}: v\r\n`).join("") : "";
  const text = [PARTS[random.below(15)], random.below(4) > 0 ? "Host: 127.0.0.1\r\n" : "", ...Array.from({ length: random.below(7) }, () => pick(random, PARTS)), many, random.below(3) > 0 ? "\r\n" : "", pick(random, PARTS)].join("");
  const bytes = Buffer.from(text, "latin1");
  return random.below(5) === 0 ? Buffer.concat([bytes.subarray(0, random.below(bytes.length)), randomFrame(random)]) : bytes;
}
