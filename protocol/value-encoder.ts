import { GridError } from "./grid-error.ts";
import { LIMITS } from "./limits.ts";

export type NumberArray =
  | Int8Array | Int16Array | Int32Array | Uint16Array | Uint32Array
  | Float32Array | Float64Array | BigInt64Array | BigUint64Array;

/** MessagePack extension types under which typed arrays travel, so that they come back as what they were. */
export const EXTENSION_BY_TAG: readonly { tag: number; name: string; fromBytes: (bytes: Uint8Array) => NumberArray }[] = [
  { tag: 16, name: "Int8Array", fromBytes: (bytes) => new Int8Array(aligned(bytes)) },
  { tag: 17, name: "Int16Array", fromBytes: (bytes) => new Int16Array(aligned(bytes)) },
  { tag: 18, name: "Int32Array", fromBytes: (bytes) => new Int32Array(aligned(bytes)) },
  { tag: 19, name: "Uint16Array", fromBytes: (bytes) => new Uint16Array(aligned(bytes)) },
  { tag: 20, name: "Uint32Array", fromBytes: (bytes) => new Uint32Array(aligned(bytes)) },
  { tag: 21, name: "Float32Array", fromBytes: (bytes) => new Float32Array(aligned(bytes)) },
  { tag: 22, name: "Float64Array", fromBytes: (bytes) => new Float64Array(aligned(bytes)) },
  { tag: 23, name: "BigInt64Array", fromBytes: (bytes) => new BigInt64Array(aligned(bytes)) },
  { tag: 24, name: "BigUint64Array", fromBytes: (bytes) => new BigUint64Array(aligned(bytes)) },
];
const TAG_BY_NAME = new Map(EXTENSION_BY_TAG.map(({ tag, name }) => [name, tag]));
const TIMESTAMP_TAG = -1;

function aligned(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

const utf8 = new TextEncoder();
const SHORT_STRING_CHARS = 40;

/**
 * Encodes values as MessagePack in one pass over a buffer that it keeps. Unlike a general encoder it keeps -0, writes
 * one NaN, and names the path of what cannot be carried. It also runs inside a slot, on whatever a job returns.
 */
export class ValueEncoder {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  encode(value: unknown): Uint8Array<ArrayBuffer> {
    this.#at = 0;
    this.#write(value === undefined ? null : value, "$", 0);
    return this.#bytes.slice(0, this.#at);
  }

  #write(value: unknown, path: string, depth: number): void {
    switch (typeof value) {
      case "number": return this.#number(value);
      case "string": return this.#string(value, path);
      case "boolean": return this.#byte(value ? 0xc3 : 0xc2);
      case "bigint": return this.#bigint(value, path);
      case "object":
        if (value === null) return this.#byte(0xc0);
        return this.#object(value, path, depth);
      default:
        throw unsupported(path, value === undefined ? "undefined" : `a ${typeof value}`);
    }
  }

  #object(value: object, path: string, depth: number): void {
    if (depth >= LIMITS.valueDepth) throw unsupported(path, `nested deeper than ${LIMITS.valueDepth}, or part of itself`);
    if (Array.isArray(value)) {
      this.#head(value.length, 0x90, 16, undefined, 0xdc, 0xdd);
      for (let i = 0; i < value.length; i++) this.#write(value[i], `${path}[${i}]`, depth + 1);
      return;
    }
    if (ArrayBuffer.isView(value)) return this.#buffer(value, path);
    if (value instanceof ArrayBuffer) return this.#binary(new Uint8Array(value), path);
    if (value instanceof Date) return this.#date(value, path);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      // A plain object of another realm has that realm's Object.prototype, whose own prototype is null.
      const name = classTag(value);
      if (name !== "Object" || Object.getPrototypeOf(prototype) !== null) throw unsupported(path, `a ${className(value, name)}`);
    }
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    this.#head(entries.length, 0x80, 16, undefined, 0xde, 0xdf);
    for (const [key, item] of entries) {
      // No decoder takes this key, and rightly: it could change what an object is.
      if (key === "__proto__") throw unsupported(`${path}.__proto__`, "kept under a name that objects do not have");
      this.#string(key, path);
      this.#write(item, `${path}.${key}`, depth + 1);
    }
  }

  #number(value: number): void {
    if (Number.isInteger(value) && !Object.is(value, -0) && value >= -0x8000_0000 && value <= 0xffff_ffff) return this.#integer(value);
    this.#room(9);
    this.#view.setUint8(this.#at, 0xcb);
    if (Number.isNaN(value)) this.#view.setBigUint64(this.#at + 1, 0x7ff8_0000_0000_0000n);
    else this.#view.setFloat64(this.#at + 1, value);
    this.#at += 9;
  }

  #integer(value: number): void {
    this.#room(5);
    const view = this.#view;
    const at = this.#at;
    if (value >= 0) {
      if (value < 0x80) { view.setUint8(at, value); this.#at += 1; }
      else if (value < 0x100) { view.setUint8(at, 0xcc); view.setUint8(at + 1, value); this.#at += 2; }
      else if (value < 0x1_0000) { view.setUint8(at, 0xcd); view.setUint16(at + 1, value); this.#at += 3; }
      else { view.setUint8(at, 0xce); view.setUint32(at + 1, value); this.#at += 5; }
    } else if (value >= -0x20) { view.setInt8(at, value); this.#at += 1; }
    else if (value >= -0x80) { view.setUint8(at, 0xd0); view.setInt8(at + 1, value); this.#at += 2; }
    else if (value >= -0x8000) { view.setUint8(at, 0xd1); view.setInt16(at + 1, value); this.#at += 3; }
    else { view.setUint8(at, 0xd2); view.setInt32(at + 1, value); this.#at += 5; }
  }

  #bigint(value: bigint, path: string): void {
    const signed = BigInt.asIntN(64, value) === value;
    if (!signed && BigInt.asUintN(64, value) !== value) throw unsupported(path, "a bigint past 64 bits");
    this.#room(9);
    this.#view.setUint8(this.#at, signed ? 0xd3 : 0xcf);
    if (signed) this.#view.setBigInt64(this.#at + 1, value);
    else this.#view.setBigUint64(this.#at + 1, value);
    this.#at += 9;
  }

  #string(value: string, path: string): void {
    if (value.length < SHORT_STRING_CHARS) {
      this.#room(3 * value.length + 5);
      const start = this.#at + (3 * value.length < 32 ? 1 : 2);
      const { written } = utf8.encodeInto(value, this.#bytes.subarray(start));
      if (3 * value.length < 32) this.#bytes[this.#at] = 0xa0 | written;
      else { this.#bytes[this.#at] = 0xd9; this.#bytes[this.#at + 1] = written; }
      this.#at = start + written;
      return;
    }
    const bytes = utf8.encode(value);
    this.#limited(bytes.byteLength, path);
    this.#head(bytes.byteLength, 0xa0, 32, 0xd9, 0xda, 0xdb);
    this.#append(bytes);
  }

  #buffer(value: ArrayBufferView, path: string): void {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const name = classTag(value);
    if (name === "Uint8Array" || name === "Uint8ClampedArray" || name === "DataView") return this.#binary(bytes, path);
    const tag = TAG_BY_NAME.get(name);
    if (tag === undefined) throw unsupported(path, `a ${name}`);
    this.#limited(bytes.byteLength, path);
    this.#room(6);
    this.#view.setUint8(this.#at, 0xc9);
    this.#view.setUint32(this.#at + 1, bytes.byteLength);
    this.#view.setInt8(this.#at + 5, tag);
    this.#at += 6;
    this.#append(bytes);
  }

  #binary(bytes: Uint8Array, path: string): void {
    this.#limited(bytes.byteLength, path);
    this.#head(bytes.byteLength, 0, 0, 0xc4, 0xc5, 0xc6);
    this.#append(bytes);
  }

  /** MessagePack's timestamp 96: nanoseconds, then seconds. */
  #date(value: Date, path: string): void {
    const ms = value.getTime();
    if (Number.isNaN(ms)) throw unsupported(path, "an invalid Date");
    const seconds = Math.floor(ms / 1000);
    this.#room(15);
    this.#view.setUint8(this.#at, 0xc7);
    this.#view.setUint8(this.#at + 1, 12);
    this.#view.setInt8(this.#at + 2, TIMESTAMP_TAG);
    this.#view.setUint32(this.#at + 3, (ms - seconds * 1000) * 1_000_000);
    this.#view.setBigInt64(this.#at + 7, BigInt(seconds));
    this.#at += 15;
  }

  /** Writes the head of a string, binary, array or map: `fixed | length`, or the code for 8, 16 or 32 bits of length. */
  #head(length: number, fixed: number, fixedBelow: number, code8: number | undefined, code16: number, code32: number): void {
    this.#room(5);
    if (length < fixedBelow) return this.#byte(fixed | length);
    if (code8 !== undefined && length < 0x100) {
      this.#view.setUint8(this.#at, code8);
      this.#view.setUint8(this.#at + 1, length);
      this.#at += 2;
    } else if (length < 0x1_0000) {
      this.#view.setUint8(this.#at, code16);
      this.#view.setUint16(this.#at + 1, length);
      this.#at += 3;
    } else {
      this.#view.setUint8(this.#at, code32);
      this.#view.setUint32(this.#at + 1, length);
      this.#at += 5;
    }
  }

  #byte(byte: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = byte;
  }

  #append(bytes: Uint8Array): void {
    this.#room(bytes.byteLength);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.byteLength;
  }

  #limited(bytes: number, path: string): void {
    if (this.#at + bytes > LIMITS.valueBytes) {
      throw new GridError("too-large", `Cannot carry the value at ${path}: it makes the whole pass ${LIMITS.valueBytes} bytes`);
    }
  }

  #room(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#bytes.byteLength) return;
    if (needed > LIMITS.valueBytes + 16) throw new GridError("too-large", `Cannot carry this value: it passes ${LIMITS.valueBytes} bytes`);
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.byteLength));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

function unsupported(path: string, what: string): GridError {
  return new GridError("unsupported-value", `Cannot carry the value at ${path}: it is ${what}. Carried are null, booleans, numbers, bigints of 64 bits, strings, bytes, typed arrays, dates, arrays and plain objects.`);
}

/** "Float64Array" for a Float64Array of whatever realm. */
function classTag(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function className(value: object, fallback: string): string {
  const constructor: unknown = Reflect.get(value, "constructor");
  return typeof constructor === "function" && constructor.name !== "" ? constructor.name : fallback;
}
