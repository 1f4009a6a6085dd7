import type { SQLOutputValue } from "node:sqlite";

// The columns of the hot statements, whose types the schema fixes.

type Row = Record<string, SQLOutputValue>;

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw wrong(column, "an integer");
  return value;
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw wrong(column, "text");
  return value;
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw wrong(column, "binary");
  return value;
}

function wrong(column: string, expected: string): TypeError {
  return new TypeError(`Cannot read column ${column}: it is not ${expected}`);
}
