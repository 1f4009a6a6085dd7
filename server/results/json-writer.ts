import { decodeValue } from "../../protocol/value.ts";
import { valueToJson } from "../../protocol/value-json.ts";
import { unreadableOutput, type OutputError } from "./output-error.ts";
import { TextBuffer, type ResultWriter } from "./result-writer.ts";

/** Writes `{ "index", "output" }` and `{ "index", "error" }`: a line each, or as one array. */
export class JsonWriter implements ResultWriter {
  readonly #buffer = new TextBuffer();
  readonly #separator: string;
  readonly #closing: string;
  #before: string;

  constructor(shape: "lines" | "array") {
    this.#before = shape === "lines" ? "" : "[\n";
    this.#separator = shape === "lines" ? "\n" : ",\n";
    this.#closing = shape === "lines" ? "\n" : "\n]\n";
  }

  get pending(): number {
    return this.#buffer.length;
  }

  output(index: number, encoded: Uint8Array): void {
    let json: string;
    try {
      json = jsonOf(encoded);
    } catch (error) {
      return this.failure(index, unreadableOutput(error));
    }
    this.#buffer.append(`${this.#before}{"index":${index},"output":${json}}`);
    this.#before = this.#separator;
  }

  failure(index: number, error: OutputError): void {
    const { message, stack } = error;
    this.#buffer.append(`${this.#before}${JSON.stringify({ index, error: { message, stack } })}`);
    this.#before = this.#separator;
  }

  end(): void {
    if (this.#before === this.#separator) this.#buffer.append(this.#closing);
    else if (this.#before !== "") this.#buffer.append("[]\n");
  }

  take(): Uint8Array {
    return this.#buffer.take();
  }
}

function jsonOf(encoded: Uint8Array): string {
  const head = encoded[0];
  // Small whole numbers are the commonest outputs of huge jobs.
  if (head !== undefined && head < 0x80 && encoded.byteLength === 1) return String(head);
  const value = decodeValue(encoded);
  if (typeof value === "number" && Number.isFinite(value) && !Object.is(value, -0)) return String(value);
  return JSON.stringify(valueToJson(value));
}
