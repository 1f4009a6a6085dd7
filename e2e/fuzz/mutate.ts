import { Encoder } from "@msgpack/msgpack";
import type { SeededRandom } from "../../scheduler/seeded-random.ts";

const encoder = new Encoder({ ignoreUndefined: true });

export function pick<T>(random: SeededRandom, items: readonly [T, ...T[]]): T {
  return items[random.below(items.length)] ?? items[0];
}

/** Lengths and heads at which MessagePack's decoders have gone wrong. */
const HEADS: readonly [readonly number[], ...(readonly number[])[]] = [
  [0xc1], [0xdd, 0xff, 0xff, 0xff, 0xff], [0xdf, 0xff, 0xff, 0xff, 0xff], [0xdb, 0xff, 0xff, 0xff, 0xff], [0xc6, 0xff, 0xff, 0xff, 0xff], [0xc9, 0x7f, 0xff, 0xff, 0xff, 0x01],
  [0xde, 0xff, 0xff], [0xdc, 0xff, 0xff], [0xd4, 0xff, 0x00], [0xc7, 0x0c, 0xff], [0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0], [0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0xa4, 0xff, 0xfe, 0xc0, 0x80], [0x81, 0xa9, 0x5f, 0x5f, 0x70, 0x72, 0x6f, 0x74, 0x6f, 0x5f, 0x5f, 0x80],
];

/** Bytes of their own: random, all alike, or nested without end. */
export function randomFrame(random: SeededRandom): Uint8Array {
  const length = random.below(pick(random, [4, 32, 300, 2_000]));
  switch (random.below(4)) {
    case 0: return new Uint8Array(length).fill(pick(random, [0x91, 0x81, 0xdd, 0x00, 0xff, 0xc1]));
    case 1: return Uint8Array.of(0x85, ...Uint8Array.from({ length }, () => random.below(256)));
    default: return Uint8Array.from({ length }, () => random.below(256));
  }
}

/** A real frame with something wrong in its bytes. */
export function mutateBytes(frame: Uint8Array, random: SeededRandom): Uint8Array {
  const at = random.below(frame.length + 1);
  switch (random.below(6)) {
    case 0: return frame.slice(0, at);
    case 1: return frame.with(Math.min(at, frame.length - 1), random.below(256));
    case 2: return spliced(frame, at, at, pick(random, HEADS));
    case 3: return spliced(frame, at, Math.min(frame.length, at + 1 + random.below(8)), pick(random, HEADS));
    case 4: return spliced(frame, at, at, frame.subarray(random.below(frame.length)));
    default: {
      const changed = frame.slice();
      for (let i = random.below(4); i >= 0; i--) changed[random.below(changed.length)] = random.below(256);
      return changed;
    }
  }
}

function spliced(frame: Uint8Array, from: number, to: number, middle: ArrayLike<number>): Uint8Array {
  const changed = new Uint8Array(frame.length - (to - from) + middle.length);
  changed.set(frame.subarray(0, from));
  changed.set(middle, from);
  changed.set(frame.subarray(to), from + middle.length);
  return changed;
}

const LONG = "x".repeat(300);

/** Values that no schema expects where they come: made anew, because they may be changed in their turn. */
const ODD_VALUES: readonly [() => unknown, ...(() => unknown)[]] = [
  () => null, ...[true, -1, 0, 0.5, 1e308, NaN, Infinity, -0, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), "", "0", "__proto__", "constructor", "\0", "\ud800", LONG, "../../etc/passwd"].map((value) => () => value),
  () => [], () => [[]], () => [0, 0], () => [[1, 0]], () => [[0, 1], [0, 1]], () => ({}), () => ({ constructor: { prototype: { polluted: true } } }),
  () => new Uint8Array(0), () => new Uint8Array(9), () => new Date(0), () => ["unregister"], () => ({ type: "register" }),
];

/** Packs a message after something in its shape was made wrong: it is changed. */
export function mutateMessage(message: object, random: SeededRandom): Uint8Array {
  changeSomewhere(message, random);
  if (random.below(10) === 0) changeSomewhere(message, random);
  return encoder.encode(message);
}

function oddValue(random: SeededRandom): unknown {
  return pick(random, ODD_VALUES)();
}

export function changeSomewhere(value: unknown, random: SeededRandom): void {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
  const keys = Object.keys(value);
  const key = keys[random.below(keys.length)];
  if (key === undefined) return void Reflect.set(value, pick(random, ["__proto__x", "type", "0"]), oddValue(random));
  const inner: unknown = Reflect.get(value, key);
  if (typeof inner === "object" && inner !== null && !ArrayBuffer.isView(inner) && random.below(3) > 0) return changeSomewhere(inner, random);
  switch (random.below(6)) {
    case 0: return void Reflect.deleteProperty(value, key);
    case 1: return Array.isArray(value) ? void value.push(...value.slice(0, 50)) : void Reflect.set(value, pick(random, ["constructor", "toString", "extra"]), oddValue(random));
    case 2: return void Reflect.set(value, key, typeof inner === "number" ? inner + pick(random, [-1, 1, 0.5, 1e9, -1e9]) : oddValue(random));
    default: return void Reflect.set(value, key, oddValue(random));
  }
}
