import type { Value } from "../../protocol/value.ts";
import { formatQuantity } from "../format/quantity.ts";
import { isRowList } from "./infer-view.ts";
import { isRecord, type Output, type RecordValue } from "./output.ts";

/** One line of the table: the task it came from, and its cells by column. */
export interface Row {
  readonly index: number;
  readonly cells: RecordValue;
}

export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

/** Column of an output that has no fields. */
const OUTPUT_COLUMN = "output";
/** Column of the task's index. */
export const INDEX_COLUMN = "index";
/** Past this many, a table is no longer read but searched: the downloads have them all. */
export const MAX_COLUMNS = 50;
const CELL_CHARS = 200;

/** An object is a row, a list of objects is many, anything else is a row of one cell. */
export function rowsOf({ index, value }: Output): Row[] {
  if (isRecord(value)) return [{ index, cells: value }];
  if (isRowList(value)) return value.map((cells) => ({ index, cells }));
  return [{ index, cells: { [OUTPUT_COLUMN]: value } }];
}

/** Names of all cells, in the order of their first appearance, at most MAX_COLUMNS. The task's index is not among them. */
export function inferColumns(rows: readonly Row[]): string[] {
  const columns = new Set<string>();
  for (const { cells } of rows) {
    for (const name of Object.keys(cells)) {
      if (columns.size >= MAX_COLUMNS) return [...columns];
      columns.add(name);
    }
  }
  return [...columns];
}

/** The rows sorted by a column; equal ones keep their order, and empty cells come last either way. */
export function sortRows(rows: readonly Row[], sorting: Sorting | null): readonly Row[] {
  if (sorting === null) return rows;
  const cell = (row: Row): Value | undefined => (sorting.column === INDEX_COLUMN ? row.index : row.cells[sorting.column]);
  const sign = sorting.descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const left = cell(a);
    const right = cell(b);
    if (isEmpty(left) || isEmpty(right)) return Number(isEmpty(left)) - Number(isEmpty(right));
    return sign * compare(left, right);
  });
}

/** A cell as text, cut where it is long. */
export function cellText(value: Value | undefined): string {
  const text = fullText(value);
  return text.length > CELL_CHARS ? `${text.slice(0, CELL_CHARS)}…` : text;
}

function fullText(value: Value | undefined): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return formatQuantity(value.byteLength, "byte");
  if (ArrayBuffer.isView(value)) return formatQuantity(value.length, "number");
  if (typeof value === "object") return JSON.stringify(value, readable);
  return String(value);
}

/** What JSON has no words for, inside a cell or a shown value. */
export function readable(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return formatQuantity(value.byteLength, "byte");
  if (ArrayBuffer.isView(value)) return `${formatQuantity(value.byteLength, "byte")} of numbers`;
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return value;
}

function isEmpty(value: Value | undefined): boolean {
  return value === undefined || value === null || value === "";
}

function compare(a: Value | undefined, b: Value | undefined): number {
  if (isNumeric(a) && isNumeric(b)) return a < b ? -1 : a > b ? 1 : 0;
  return fullText(a).localeCompare(fullText(b), undefined, { numeric: true });
}

function isNumeric(value: Value | undefined): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}
