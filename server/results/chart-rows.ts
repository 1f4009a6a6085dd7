import { LIMITS } from "../../protocol/limits.ts";
import { PackedValues } from "../../protocol/packed-values.ts";
import { decodeValue, type Value } from "../../protocol/value.ts";

export type ChartRow = Record<string, unknown>;

/**
 * The data of a chart, named `outputs`: an object is a row, with the `index` of its task where it has no field of that
 * name; anything else is a row `{ index, output }`; an output that is an array gives a row for each of its items. Of more rows than a chart may have, every 2nd, 3rd … is taken.
 */
export function chartRows(indexes: readonly number[], packed: Uint8Array): ChartRow[] {
  const outputs = new PackedValues(packed);
  const sizes = indexes.map((_, position) => itemsOf(decoded(outputs.at(position))).length);
  const stride = Math.max(1, Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / LIMITS.chartRows));
  const rows: ChartRow[] = [];
  let seen = 0;
  indexes.forEach((index, position) => {
    for (const item of itemsOf(decoded(outputs.at(position)))) if (seen++ % stride === 0) rows.push(rowOf(index, item));
  });
  return rows;
}

function decoded(encoded: Uint8Array): Value {
  try {
    return decodeValue(encoded);
  } catch {
    // A hostile tab's output gives no row; whoever reads the results is told about it there.
    return [];
  }
}

function itemsOf(output: Value): readonly Value[] {
  return isList(output) ? output : [output];
}

function rowOf(index: number, item: Value): ChartRow {
  if (!isFields(item)) return { index, output: datumOf(item) };
  return { index, ...Object.fromEntries(Object.entries(item).map(([key, value]) => [key, datumOf(value)])) };
}

/** Vega counts with numbers and knows dates as they are; it has no bigints. */
function datumOf(value: Value): unknown {
  if (typeof value === "bigint") return Number(value);
  if (isList(value)) return value.map(datumOf);
  if (ArrayBuffer.isView(value)) return Array.from(value, Number);
  if (isFields(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, datumOf(item)]));
  return value;
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isFields(value: Value): value is { readonly [key: string]: Value } {
  return typeof value === "object" && value !== null && !isList(value) && !ArrayBuffer.isView(value) && !(value instanceof Date);
}
