import { expect } from "vitest";
import { GridError, type GridErrorKind } from "../../../protocol/grid-error.ts";
import { PackedValues } from "../../../protocol/packed-values.ts";
import { decodeValue, type Value } from "../../../protocol/value.ts";
import type { ValueChunk } from "../archive.ts";

/** Every value of the chunks, by task index. Fails where the chunks do not ascend. */
export function valuesOf(chunks: readonly ValueChunk[]): Map<number, Value> {
  const values = new Map<number, Value>();
  let end = 0;
  for (const { range: [from, to], packed } of chunks) {
    expect(from).toBeGreaterThanOrEqual(end);
    end = to;
    const unpacked = new PackedValues(packed);
    expect(unpacked.count).toBe(to - from);
    for (let i = 0; i < unpacked.count; i++) values.set(from + i, decodeValue(unpacked.at(i)));
  }
  return values;
}

export async function expectRefusal(promise: Promise<unknown>, kind: GridErrorKind): Promise<void> {
  expect(await outcomeOf(promise)).toBe(kind);
}

/** "stored", or the kind of the GridError. Any other error is thrown. */
export async function outcomeOf(promise: Promise<unknown>): Promise<GridErrorKind | "stored"> {
  try {
    await promise;
    return "stored";
  } catch (error) {
    if (error instanceof GridError && error.message.startsWith("Cannot ")) return error.kind;
    throw error;
  }
}
