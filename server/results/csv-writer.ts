import { stringify } from "csv-stringify/sync";
import { decodeValue, type Value } from "../../protocol/value.ts";
import { valueToJson } from "../../protocol/value-json.ts";
import { PICTURE_LIMITS } from "../limits.ts";
import { unreadableOutput, type OutputError } from "./output-error.ts";
import { TextBuffer, type ResultWriter } from "./result-writer.ts";

/** Rows looked at to find the columns, and their bytes, before the header is written. */
const HEADER_ROWS = 1_000;
const HEADER_BYTES = 4 * 1024 * 1024;
/** Rows handed to the stringifier at once. */
const ROWS_AT_ONCE = 256;

type Row =
  | { readonly index: number; readonly value: Value }
  | { readonly index: number; readonly error: OutputError };
type Cell = string | number | bigint;
type Fields = { readonly [key: string]: Value };

/**
 * Writes RFC 4180 CSV with a header. The first column is `index`. An object's fields become columns, anything else
 * stands under `output`. The header is the union of the first HEADER_ROWS rows' fields; when more rows follow, a last
 * column `more` takes, as JSON, what later objects have beyond it, so that nothing is dropped. With failures, `error`
 * and `stack` come last. A field whose name is taken by one of these columns is called `output.<name>`.
 *
 * Bytes are base64, dates ISO 8601, null is empty, nested values are tagged JSON. CSV is opened in spreadsheets and
 * outputs come from strangers' computers: a text that a spreadsheet would run as a formula (it begins with = + - @, a
 * tab or a carriage return) gets a leading apostrophe. Numbers never do. The other formats are exact.
 */
export class CsvWriter implements ResultWriter {
  readonly #buffer = new TextBuffer();
  readonly #failures: boolean;
  readonly #rows: Row[] = [];
  #rowBytes = 0;
  #columns: Columns | undefined;

  constructor(options: { readonly failures: boolean }) {
    this.#failures = options.failures;
  }

  get pending(): number {
    return this.#buffer.length;
  }

  output(index: number, encoded: Uint8Array): void {
    this.#rowBytes += encoded.byteLength;
    this.#add(readRow(index, encoded));
  }

  failure(index: number, error: OutputError): void {
    this.#rowBytes += error.message.length + error.stack.length;
    this.#add({ index, error });
  }

  end(): void {
    this.#columns ??= this.#header(false);
    this.#flush();
  }

  take(): Uint8Array {
    return this.#buffer.take();
  }

  #add(row: Row): void {
    // A row past the first ones is what makes the column `more` needed.
    if (this.#columns === undefined && (this.#rows.length >= HEADER_ROWS || (this.#rows.length > 0 && this.#rowBytes > HEADER_BYTES))) {
      this.#columns = this.#header(true);
      this.#flush();
    }
    this.#rows.push(row);
    if (this.#columns !== undefined && (this.#rows.length >= ROWS_AT_ONCE || this.#rowBytes > HEADER_BYTES)) this.#flush();
  }

  #header(moreRows: boolean): Columns {
    const columns = new Columns(this.#rows, moreRows, this.#failures);
    this.#buffer.append(stringify([columns.names], STYLE));
    return columns;
  }

  #flush(): void {
    const columns = this.#columns;
    if (columns === undefined) return;
    this.#buffer.append(stringify(this.#rows.map((row) => columns.cells(row)), STYLE));
    this.#rows.length = 0;
    this.#rowBytes = 0;
  }
}

/** RFC 4180 quotes a lone CR or LF as well; by itself the stringifier quotes the pair alone, which ends its rows. */
const STYLE = { escape_formulas: true, record_delimiter: "windows", quoted_match: /[\r\n]/ } as const;

class Columns {
  readonly names: readonly string[];
  readonly #fields: readonly string[];
  readonly #known: ReadonlySet<string>;
  readonly #output: boolean;
  readonly #more: boolean;
  readonly #failures: boolean;

  constructor(rows: readonly Row[], moreRows: boolean, failures: boolean) {
    const fields = new Set<string>();
    let overflow = false;
    let plain = false;
    for (const row of rows) {
      if ("error" in row) continue;
      if (!isFields(row.value)) plain = true;
      else for (const key of Object.keys(row.value)) {
        if (fields.size < PICTURE_LIMITS.csvColumns) fields.add(key);
        else overflow ||= !fields.has(key);
      }
    }
    this.#fields = [...fields];
    this.#known = fields;
    this.#output = plain || fields.size === 0;
    this.#more = overflow || (moreRows && fields.size > 0);
    this.#failures = failures;
    const own = ["index", ...(this.#output ? ["output"] : [])];
    const last = [...(this.#more ? ["more"] : []), ...(failures ? ["error", "stack"] : [])];
    const taken = new Set([...own, ...last]);
    this.names = [...own, ...this.#fields.map((field) => (taken.has(field) ? `output.${field}` : field)), ...last];
  }

  cells(row: Row): Cell[] {
    if ("error" in row) return this.#errorCells(row.index, row.error);
    const { index, value } = row;
    const cells: Cell[] = [index];
    const fields = isFields(value) ? value : undefined;
    if (this.#output) cells.push(fields === undefined ? cellOf(value) : "");
    for (const field of this.#fields) cells.push(fields !== undefined && Object.hasOwn(fields, field) ? cellOf(fields[field] ?? null) : "");
    if (this.#more) cells.push(this.#moreOf(value, fields));
    if (this.#failures) cells.push("", "");
    return cells;
  }

  #moreOf(value: Value, fields: Fields | undefined): Cell {
    if (fields === undefined) return this.#output ? "" : JSON.stringify(valueToJson(value));
    const beyond = Object.entries(fields).filter(([key]) => !this.#known.has(key));
    return beyond.length === 0 ? "" : JSON.stringify(valueToJson(Object.fromEntries(beyond)));
  }

  /** Without a column of its own an error stands where the output would. */
  #errorCells(index: number, error: OutputError): Cell[] {
    const cells: Cell[] = this.names.map(() => "");
    cells[0] = index;
    if (!this.#failures) {
      cells[1] = error.message;
      return cells;
    }
    cells[cells.length - 2] = error.message;
    cells[cells.length - 1] = error.stack;
    return cells;
  }
}

function readRow(index: number, encoded: Uint8Array): Row {
  try {
    const value = decodeValue(encoded);
    // What a later cell could not be made of shows here, where it still can become an error.
    valueToJson(value);
    return { index, value };
  } catch (error) {
    return { index, error: unreadableOutput(error) };
  }
}

function isFields(value: Value): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value) && !(value instanceof Date);
}

function cellOf(value: Value): Cell {
  if (value === null) return "";
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value === "boolean") return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
  if (value instanceof Date) return value.toISOString();
  return JSON.stringify(valueToJson(value));
}
