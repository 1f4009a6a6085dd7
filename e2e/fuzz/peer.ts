import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import { decodeDown } from "../../protocol/codec.ts";
import type { Down } from "../../protocol/down.ts";

const OPCODE = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9 } as const;
export type Opcode = keyof typeof OPCODE;

/** A WebSocket frame as a client writes it, whatever is in it. The mask of zeros leaves it readable. */
export function clientFrame(opcode: Opcode, payload: Uint8Array): Buffer {
  const { byteLength } = payload;
  const head = byteLength < 126 ? 2 : byteLength < 0x1_0000 ? 4 : 10;
  const frame = Buffer.alloc(head + 4 + byteLength);
  frame[0] = 0x80 | OPCODE[opcode];
  if (head === 2) frame[1] = 0x80 | byteLength;
  else if (head === 4) {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(byteLength, 2);
  } else {
    frame[1] = 0x80 | 127;
    frame.writeBigUInt64BE(BigInt(byteLength), 2);
  }
  frame.set(payload, head + 4);
  return frame;
}

/** The head lines of a WebSocket's upgrade, each with its end. */
export function upgradeHeaders(): string {
  return `Host: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n`;
}

export interface Ending {
  /** Of the close frame; null where there was none. */
  readonly code: number | null;
  readonly reason: string;
}

/** The hostile end of a Compute Server's link: writes any bytes, and reads what the hub says to them. */
export class Peer {
  readonly received: Down[] = [];
  /** The connection is over. */
  readonly ended: Promise<Ending>;
  readonly #connection: Duplex;
  #unread: Buffer = Buffer.alloc(0);
  #upgraded = false;
  #ending: Ending = { code: null, reason: "" };
  #isOver = false;
  readonly #waiters = new Set<() => void>();

  constructor(connection: Duplex) {
    this.#connection = connection;
    connection.on("data", (data: Buffer) => this.#read(data));
    connection.on("error", () => connection.destroy());
    this.ended = new Promise((resolve) => {
      connection.once("close", () => {
        this.#isOver = true;
        this.#tell();
        resolve(this.#ending);
      });
    });
    connection.once("end", () => connection.destroy());
  }

  get isOver(): boolean {
    return this.#isOver || this.#ending.code !== null;
  }

  write(bytes: Uint8Array): void {
    if (!this.#connection.destroyed && this.#connection.writable) this.#connection.write(bytes);
  }

  /** Sends nothing more, and reads on. */
  finish(): void {
    this.#connection.end();
  }

  /** Goes without a word. */
  cut(): void {
    this.#connection.destroy();
  }

  /** Answers false where the connection ended before. */
  async until(holds: (received: readonly Down[]) => boolean): Promise<boolean> {
    while (!holds(this.received)) {
      if (this.isOver) return false;
      await new Promise<void>((resolve) => { this.#waiters.add(resolve); });
    }
    return true;
  }

  #read(data: Buffer): void {
    this.#unread = this.#unread.length === 0 ? data : Buffer.concat([this.#unread, data]);
    if (!this.#upgraded) {
      const end = this.#unread.indexOf("\r\n\r\n");
      if (end < 0) return;
      this.#upgraded = true;
      this.#unread = this.#unread.subarray(end + 4);
    }
    while (this.#readFrame());
    this.#tell();
  }

  /** One frame of a server is one message here: the hub sends no fragments and no mask. */
  #readFrame(): boolean {
    const bytes = this.#unread;
    if (bytes.length < 2) return false;
    const short = (bytes[1] ?? 0) & 0x7f;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < head) return false;
    const length = head === 2 ? short : head === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (bytes.length < head + length) return false;
    const payload = bytes.subarray(head, head + length);
    this.#unread = bytes.subarray(head + length);
    const opcode = (bytes[0] ?? 0) & 0x0f;
    if (opcode === OPCODE.binary) this.received.push(decodeDown(new Uint8Array(payload)));
    if (opcode === OPCODE.close) {
      this.#ending = { code: length >= 2 ? payload.readUInt16BE(0) : 1005, reason: payload.subarray(2).toString("utf8") };
      if (this.#connection.writable) this.#connection.end(clientFrame("close", payload.subarray(0, 2)));
    }
    return true;
  }

  #tell(): void {
    for (const waiter of this.#waiters) waiter();
    this.#waiters.clear();
  }
}
