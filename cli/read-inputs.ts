import { open, readFile } from "node:fs/promises";
import { extname } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import * as z from "zod/mini";
import { jsonToValue } from "../protocol/value-json.ts";
import type { Value } from "../protocol/value.ts";
import { jsonSchema } from "../sdk/json.ts";

const listSchema = z.array(jsonSchema);

/**
 * The inputs in a file, or on standard input for "-": one JSON array (.json), a line of text an input (.txt), else a
 * line of JSON an input. Throws Error that names file and line.
 */
export function readInputs(file: string, stdin: Readable): AsyncIterable<Value> {
  if (file === "-") return jsonLines(streamLines(stdin), "standard input");
  switch (extname(file).toLowerCase()) {
    case ".json": return jsonArray(file);
    case ".txt": return fileLines(file);
    default: return jsonLines(fileLines(file), file);
  }
}

async function* jsonArray(file: string): AsyncGenerator<Value> {
  const text = await readFile(file, "utf8").catch((error: unknown) => { throw unreadable(file, error); });
  const list = listSchema.safeParse(parsed(text, file));
  if (!list.success) throw new Error(`Cannot read inputs from ${file}: it holds no JSON array. Name it .ndjson if each line is an input.`);
  for (const input of list.data) yield jsonToValue(input);
}

async function* jsonLines(lines: AsyncIterable<string>, name: string): AsyncGenerator<Value> {
  let line = 0;
  for await (const text of lines) {
    line++;
    if (text.trim() !== "") yield jsonToValue(jsonSchema.parse(parsed(text, `line ${line} of ${name}`)));
  }
}

/** The interface is made at the first read, because it loses the lines that come before somebody listens. */
async function* streamLines(stream: Readable): AsyncGenerator<string> {
  yield* createInterface({ input: stream, crlfDelay: Infinity });
}

async function* fileLines(file: string): AsyncGenerator<string> {
  const handle = await open(file).catch((error: unknown) => { throw unreadable(file, error); });
  try {
    yield* handle.readLines();
  } finally {
    await handle.close();
  }
}

function unreadable(file: string, error: unknown): Error {
  return new Error(`Cannot read inputs from ${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}

function parsed(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Cannot read inputs: ${place} is not JSON (${error instanceof Error ? error.message : String(error)})`, { cause: error });
  }
}
