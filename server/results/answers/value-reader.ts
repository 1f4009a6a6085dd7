import type { CanonicalWriter } from "./canonical-writer.ts";

/** What a MessagePack head begins. */
export const HEAD = { literal: 0, number: 1, bigint: 2, string: 3, bytes: 4, extension: 5, list: 6, map: 7 } as const;
type HeadKind = (typeof HEAD)[keyof typeof HEAD];

/** The head of a value. One object serves all of a reader's: it holds until the next is read. */
interface Head {
  kind: HeadKind;
  code: number;
  /** Bytes of a string, of bytes or of an extension; items of a list; entries of a map. */
  length: number;
}

/** Reads values that are known to be well-formed, one after the other, each from its first byte to its last. */
export class ValueReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);
  readonly #head: Head = { kind: HEAD.literal, code: 0, length: 0 };
  #at = 0;

  /** Begins a value. Those of one report stand in one buffer, and a view of it serves all. */
  open({ buffer, byteOffset }: Uint8Array): void {
    if (buffer !== this.#view.buffer) {
      this.#bytes = new Uint8Array(buffer);
      this.#view = new DataView(buffer);
    }
    this.#at = byteOffset;
  }

  head(): Readonly<Head> {
    const code = this.#view.getUint8(this.#at++);
    if (code < 0x80 || code >= 0xe0) return this.#set(HEAD.number, code, 0);
    if (code < 0x90) return this.#set(HEAD.map, code, code & 0x0f);
    if (code < 0xa0) return this.#set(HEAD.list, code, code & 0x0f);
    if (code < 0xc0) return this.#set(HEAD.string, code, code & 0x1f);
    switch (code) {
      case 0xc0: case 0xc2: case 0xc3: return this.#set(HEAD.literal, code, 0);
      case 0xc4: case 0xc5: case 0xc6: return this.#set(HEAD.bytes, code, this.#length(code - 0xc4));
      case 0xc7: case 0xc8: case 0xc9: return this.#set(HEAD.extension, code, this.#length(code - 0xc7));
      case 0xcf: case 0xd3: return this.#set(HEAD.bigint, code, 0);
      case 0xd4: case 0xd5: case 0xd6: case 0xd7: case 0xd8: return this.#set(HEAD.extension, code, 1 << (code - 0xd4));
      case 0xd9: case 0xda: case 0xdb: return this.#set(HEAD.string, code, this.#length(code - 0xd9));
      case 0xdc: case 0xdd: return this.#set(HEAD.list, code, this.#length(code - 0xdb));
      case 0xde: case 0xdf: return this.#set(HEAD.map, code, this.#length(code - 0xdd));
      default: return this.#set(HEAD.number, code, 0);
    }
  }

  /** The next head, not taken. */
  peek(): Readonly<Head> {
    const at = this.#at;
    const head = this.head();
    this.#at = at;
    return head;
  }

  /** The number behind a head of that code. */
  number(code: number): number {
    const view = this.#view;
    const at = this.#at;
    switch (code) {
      case 0xca: this.#at += 4; return view.getFloat32(at);
      case 0xcb: this.#at += 8; return view.getFloat64(at);
      case 0xcc: this.#at += 1; return view.getUint8(at);
      case 0xcd: this.#at += 2; return view.getUint16(at);
      case 0xce: this.#at += 4; return view.getUint32(at);
      case 0xd0: this.#at += 1; return view.getInt8(at);
      case 0xd1: this.#at += 2; return view.getInt16(at);
      case 0xd2: this.#at += 4; return view.getInt32(at);
      default: return code < 0x80 ? code : code - 0x100;
    }
  }

  bigint(code: number): bigint {
    this.#at += 8;
    return code === 0xcf ? this.#view.getBigUint64(this.#at - 8) : this.#view.getBigInt64(this.#at - 8);
  }

  tag(): number {
    return this.#view.getInt8(this.#at++);
  }

  /** Hands the next bytes to the writer. */
  copy(bytes: number, out: CanonicalWriter): void {
    out.copyOf(this.#bytes, this.#at, bytes);
    this.#at += bytes;
  }

  take(bytes: number): Uint8Array {
    this.#at += bytes;
    return this.#bytes.subarray(this.#at - bytes, this.#at);
  }

  #set(kind: HeadKind, code: number, length: number): Readonly<Head> {
    this.#head.kind = kind;
    this.#head.code = code;
    this.#head.length = length;
    return this.#head;
  }

  /** Of 1, 2 or 4 bytes. */
  #length(widthLog2: number): number {
    const at = this.#at;
    this.#at += 1 << widthLog2;
    if (widthLog2 === 0) return this.#view.getUint8(at);
    return widthLog2 === 1 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }
}
