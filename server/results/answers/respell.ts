import { EXTENSION_BY_TAG } from "../../../protocol/value-encoder.ts";
import type { Value } from "../../../protocol/value.ts";

// For tests: MessagePack as a hostile tab may write it, another way for each choice.

/** Encodes the value, taking the next of `choices` wherever MessagePack leaves one. */
export function respell(value: Value, choices: readonly number[]): Uint8Array {
  let taken = 0;
  return new Uint8Array(Buffer.concat(write(value, (most) => (choices[taken++ % choices.length] ?? 0) % most)));
}

type Choose = (most: number) => number;

function write(value: Value, choose: Choose): Uint8Array[] {
  switch (typeof value) {
    case "boolean": return [Uint8Array.of(value ? 0xc3 : 0xc2)];
    case "number": return [pick(numberSpellings(value), choose)];
    case "bigint": return [pick(bigintSpellings(value), choose)];
    case "string": {
      const text = Buffer.from(value);
      return [head(text.byteLength, choose, [0xa0, 32], [0xd9, 0xda, 0xdb]), text];
    }
    default: return value === null ? [Uint8Array.of(0xc0)] : writeObject(value, choose);
  }
}

function writeObject(value: Extract<Value, object>, choose: Choose): Uint8Array[] {
  if (value instanceof Date) return [pick(dateSpellings(value.getTime()), choose)];
  if (value instanceof Uint8Array) return [head(value.byteLength, choose, null, [0xc4, 0xc5, 0xc6]), value];
  if (ArrayBuffer.isView(value)) return extension(value, choose);
  if (Array.isArray(value)) return [head(value.length, choose, [0x90, 16], [null, 0xdc, 0xdd]), ...value.flatMap((item: Value) => write(item, choose))];
  const entries = Object.entries(value);
  const order = entries.map((entry): [number, typeof entry] => [choose(1_000), entry]).sort(([a], [b]) => a - b);
  return [head(entries.length, choose, [0x80, 16], [null, 0xde, 0xdf]), ...order.flatMap(([, [key, item]]) => [...write(key, choose), ...write(item, choose)])];
}

function extension(value: ArrayBufferView, choose: Choose): Uint8Array[] {
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  const name = Object.prototype.toString.call(value).slice(8, -1);
  const tag = EXTENSION_BY_TAG.find((one) => one.name === name)?.tag ?? 0;
  const fixed = [1, 2, 4, 8, 16].indexOf(bytes.byteLength);
  if (fixed !== -1 && choose(2) === 0) return [Uint8Array.of(0xd4 + fixed, tag), bytes];
  return [head(bytes.byteLength, choose, null, [0xc7, 0xc8, 0xc9]), Uint8Array.of(tag), bytes];
}

/** A length in its own byte where it fits, or behind a code, in 1, 2 or 4 bytes. */
function head(length: number, choose: Choose, fix: readonly [number, number] | null, codes: readonly [number | null, number, number]): Uint8Array {
  const spellings: Uint8Array[] = [];
  if (fix !== null && length < fix[1]) spellings.push(Uint8Array.of(fix[0] | length));
  for (const [i, code] of codes.entries()) {
    const width = 1 << i;
    if (code === null || length >= 2 ** (8 * width)) continue;
    const bytes = Buffer.alloc(1 + width, code);
    bytes.writeUIntBE(length, 1, width);
    spellings.push(bytes);
  }
  return pick(spellings, choose);
}

function numberSpellings(value: number): Uint8Array[] {
  const spellings = [view(9, (of) => { of.setUint8(0, 0xcb); of.setFloat64(1, value); })];
  if (Object.is(Math.fround(value), value)) spellings.push(view(5, (of) => { of.setUint8(0, 0xca); of.setFloat32(1, value); }));
  if (!Number.isInteger(value) || Object.is(value, -0)) return spellings;
  if (value >= 0 && value < 0x80) spellings.push(Uint8Array.of(value));
  if (value < 0 && value >= -0x20) spellings.push(Uint8Array.of(value & 0xff));
  for (const [i, width] of [1, 2, 4].entries()) {
    const most = 2 ** (8 * width);
    if (value >= 0 && value < most) spellings.push(integer(0xcc + i, value, width));
    if (value >= -most / 2 && value < most / 2) spellings.push(integer(0xd0 + i, value < 0 ? value + most : value, width));
  }
  return spellings;
}

function bigintSpellings(value: bigint): Uint8Array[] {
  const spellings: Uint8Array[] = [];
  if (BigInt.asIntN(64, value) === value) spellings.push(view(9, (of) => { of.setUint8(0, 0xd3); of.setBigInt64(1, value); }));
  if (BigInt.asUintN(64, value) === value) spellings.push(view(9, (of) => { of.setUint8(0, 0xcf); of.setBigUint64(1, value); }));
  return spellings;
}

function dateSpellings(ms: number): Uint8Array[] {
  const seconds = Math.floor(ms / 1000);
  const nanoseconds = (ms - seconds * 1000) * 1e6;
  const spellings = [view(15, (of) => { of.setUint8(0, 0xc7); of.setUint8(1, 12); of.setInt8(2, -1); of.setUint32(3, nanoseconds); of.setBigInt64(7, BigInt(seconds)); })];
  if (seconds >= 0 && seconds < 2 ** 34) spellings.push(view(10, (of) => { of.setUint8(0, 0xd7); of.setInt8(1, -1); of.setBigUint64(2, (BigInt(nanoseconds) << 34n) | BigInt(seconds)); }));
  if (nanoseconds === 0 && seconds >= 0 && seconds < 2 ** 32) spellings.push(view(6, (of) => { of.setUint8(0, 0xd6); of.setInt8(1, -1); of.setUint32(2, seconds); }));
  return spellings;
}

function integer(code: number, value: number, width: number): Uint8Array {
  const bytes = Buffer.alloc(1 + width, code);
  bytes.writeUIntBE(value, 1, width);
  return bytes;
}

function view(bytes: number, fill: (view: DataView) => void): Uint8Array {
  const of = new DataView(new ArrayBuffer(bytes));
  fill(of);
  return new Uint8Array(of.buffer);
}

function pick(spellings: readonly Uint8Array[], choose: Choose): Uint8Array {
  const one = spellings[choose(spellings.length)];
  if (one === undefined) throw new Error("Cannot spell this value: there is no way to write it");
  return one;
}
