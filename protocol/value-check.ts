import { LIMITS } from "./limits.ts";

/**
 * Whether the bytes are exactly one well-formed MessagePack value, without decoding it: the hub checks what a tab
 * sends at the price of a walk over its heads, and allocates nothing.
 */
export function isWellFormedValue(bytes: Uint8Array): boolean {
  return isWellFormedBetween(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.byteLength);
}

/** The same of the bytes from `from` (in) to `to` (out), without a view made for each of many values. */
export function isWellFormedBetween(view: DataView, from: number, to: number): boolean {
  return skip(view, from, to, 0) === to;
}

const BAD = -1;

/** The offset behind the value at `at`, which may reach to `end`, or BAD. */
function skip(view: DataView, at: number, end: number, depth: number): number {
  if (at >= end || depth > LIMITS.valueDepth) return BAD;
  const head = view.getUint8(at);
  if (head < 0x80 || head >= 0xe0) return at + 1;
  if (head < 0x90) return items(view, at + 1, end, 2 * (head & 0x0f), depth);
  if (head < 0xa0) return items(view, at + 1, end, head & 0x0f, depth);
  if (head < 0xc0) return within(end, at + 1 + (head & 0x1f));
  switch (head) {
    case 0xc0: case 0xc2: case 0xc3: return at + 1;
    case 0xc4: case 0xd9: return sized(view, at, end, 1, 0);
    case 0xc5: case 0xda: return sized(view, at, end, 2, 0);
    case 0xc6: case 0xdb: return sized(view, at, end, 4, 0);
    case 0xc7: return sized(view, at, end, 1, 1);
    case 0xc8: return sized(view, at, end, 2, 1);
    case 0xc9: return sized(view, at, end, 4, 1);
    case 0xcc: case 0xd0: return within(end, at + 2);
    case 0xcd: case 0xd1: return within(end, at + 3);
    case 0xca: case 0xce: case 0xd2: return within(end, at + 5);
    case 0xcb: case 0xcf: case 0xd3: return within(end, at + 9);
    case 0xd4: case 0xd5: case 0xd6: case 0xd7: case 0xd8: return within(end, at + 2 + (1 << (head - 0xd4)));
    case 0xdc: return counted(view, at, end, 2, 1, depth);
    case 0xdd: return counted(view, at, end, 4, 1, depth);
    case 0xde: return counted(view, at, end, 2, 2, depth);
    case 0xdf: return counted(view, at, end, 4, 2, depth);
    default: return BAD;
  }
}

function within(end: number, offset: number): number {
  return offset <= end ? offset : BAD;
}

function length(view: DataView, at: number, end: number, width: 1 | 2 | 4): number {
  if (at + 1 + width > end) return BAD;
  if (width === 1) return view.getUint8(at + 1);
  return width === 2 ? view.getUint16(at + 1) : view.getUint32(at + 1);
}

function sized(view: DataView, at: number, end: number, width: 1 | 2 | 4, extra: number): number {
  const bytes = length(view, at, end, width);
  return bytes === BAD ? BAD : within(end, at + 1 + width + extra + bytes);
}

function counted(view: DataView, at: number, end: number, width: 2 | 4, perItem: number, depth: number): number {
  const count = length(view, at, end, width);
  return count === BAD ? BAD : items(view, at + 1 + width, end, count * perItem, depth);
}

function items(view: DataView, at: number, end: number, count: number, depth: number): number {
  let offset = at;
  for (let i = 0; i < count; i++) {
    offset = skip(view, offset, end, depth + 1);
    if (offset === BAD) return BAD;
  }
  return offset;
}
