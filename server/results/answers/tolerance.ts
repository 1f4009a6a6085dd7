import type { Tolerance } from "../../../protocol/http/verification.ts";
import type { Value } from "../../../protocol/value.ts";

/**
 * Whether two values are one answer: the same in shape, keys, texts and kinds, and each number close to its other. A
 * number is close when it differs by at most `absolute`, or by at most `relative` times the larger of the two; NaN is
 * close to NaN, an infinity to itself alone. Bytes are numbers from 0 to 255; bigints and dates must be equal. It is
 * not transitive: whoever compares chooses what with.
 */
export function isClose(a: Value, b: Value, tolerance: Tolerance): boolean {
  if (typeof a === "number") return typeof b === "number" && isCloseNumber(a, b, tolerance);
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) return a === b;
  if (a instanceof Date) return b instanceof Date && a.getTime() === b.getTime();
  if (ArrayBuffer.isView(a)) return ArrayBuffer.isView(b) && isCloseArray(a, b, tolerance);
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => isClose(item, b[i] ?? null, tolerance));
  if (b instanceof Date || ArrayBuffer.isView(b) || isList(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isClose(a[key] ?? null, b[key] ?? null, tolerance));
}

function isCloseNumber(a: number, b: number, { absolute = 0, relative = 0 }: Tolerance): boolean {
  if (a === b) return true;
  if (Number.isNaN(a)) return Number.isNaN(b);
  const difference = Math.abs(a - b);
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  return difference <= absolute || difference <= relative * Math.max(Math.abs(a), Math.abs(b));
}

type View = Extract<Value, ArrayBufferView>;

function isCloseArray(a: View, b: View, tolerance: Tolerance): boolean {
  if (a.constructor !== b.constructor || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const [one, other] = [a[i], b[i]];
    if (typeof one === "number" && typeof other === "number" ? !isCloseNumber(one, other, tolerance) : one !== other) return false;
  }
  return true;
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
