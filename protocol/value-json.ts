import { GridError } from "./grid-error.ts";
import type { Value } from "./value.ts";

// JSON cannot carry everything that a value can. What it cannot is tagged:
// { "$bytes": base64 }, { "$bigint": decimal }, { "$date": ISO 8601 }, { "$number": "NaN" | "Infinity" | "-Infinity" | "-0" }.
// Typed arrays of numbers become plain arrays. An object whose one key begins with "$" keeps it by a further "$".

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The value as JSON, tagged where JSON falls short. */
export function valueToJson(value: Value): Json {
  if (typeof value === "number") {
    if (Number.isFinite(value) && !Object.is(value, -0)) return value;
    return { $number: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (typeof value === "bigint") return { $bigint: value.toString() };
  if (typeof value !== "object") return value;
  if (value === null) return null;
  if (value instanceof Uint8Array) return { $bytes: toBase64(value) };
  if (value instanceof Date) return { $date: value.toISOString() };
  if (isList(value)) return value.map(valueToJson);
  if (ArrayBuffer.isView(value)) return Array.from(value, (item: number | bigint) => valueToJson(item));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [tagKey(key, value), valueToJson(item)]));
}

/** The value that tagged JSON stands for. Throws GridError "malformed" for a broken tag. */
export function jsonToValue(json: Json): Value {
  if (typeof json !== "object" || json === null) return json;
  if (isList(json)) return json.map(jsonToValue);
  const keys = Object.keys(json);
  const only = keys.length === 1 ? keys[0] : undefined;
  if (only?.startsWith("$") === true) {
    if (only.startsWith("$$")) return { [only.slice(1)]: jsonToValue(json[only] ?? null) };
    const tagged = json[only];
    if (typeof tagged === "string") return fromTag(only, tagged);
  }
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, jsonToValue(item)]));
}

function fromTag(tag: string, text: string): Value {
  switch (tag) {
    case "$bytes": return fromBase64(text);
    case "$bigint":
      if (/^-?\d{1,20}$/.test(text)) return BigInt(text);
      break;
    case "$date": {
      const date = new Date(text);
      if (!Number.isNaN(date.getTime())) return date;
      break;
    }
    case "$number":
      if (text === "-0" || text === "NaN" || text === "Infinity" || text === "-Infinity") return Number(text);
      break;
    default: return { [tag]: text };
  }
  throw new GridError("malformed", `Cannot read { "${tag}": … }: "${text.slice(0, 40)}" does not fit it`);
}

function tagKey(key: string, value: object): string {
  return key.startsWith("$") && Object.keys(value).length === 1 ? `$${key}` : key;
}

function isList<T>(candidate: object | readonly T[]): candidate is readonly T[] {
  return Array.isArray(candidate);
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 0x8000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch (error) {
    throw new GridError("malformed", "Cannot read { \"$bytes\": … }: it is not base64", { cause: error });
  }
}
