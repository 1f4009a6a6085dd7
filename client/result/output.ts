import type { ResultLine } from "../../protocol/http/result.ts";
import { isValue, type Value } from "../../protocol/value.ts";
import { jsonToValue, type Json } from "../../protocol/value-json.ts";

/** What a task gave, as the viewers take it. */
export interface Output {
  readonly index: number;
  readonly value: Value;
}

/** What a failed task said. */
export interface Failure {
  readonly index: number;
  readonly message: string;
  readonly stack: string;
}

/** A value with names, such as most jobs give. */
export type RecordValue = { readonly [key: string]: Value };

/** Parts the lines of a results page. An output that cannot be read is told as a failure of its task. */
export function readLines(lines: readonly ResultLine[]): { outputs: Output[]; failures: Failure[] } {
  const outputs: Output[] = [];
  const failures: Failure[] = [];
  for (const line of lines) {
    if ("error" in line) {
      failures.push({ index: line.index, ...line.error });
      continue;
    }
    try {
      if (!isJson(line.output)) throw new Error("it is not JSON");
      outputs.push({ index: line.index, value: jsonToValue(line.output) });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      failures.push({ index: line.index, message: `Cannot show this output: ${why}`, stack: "" });
    }
  }
  return { outputs, failures };
}

/** Whether it is an object with keys: no list, no bytes, no date. */
export function isRecord(value: Value | undefined): value is RecordValue {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value) && !(value instanceof Date);
}

/** What JSON.parse gives is JSON; of what a schema calls unknown, no more has to be ruled out than what no value is. */
export function isJson(candidate: unknown): candidate is Json {
  return isValue(candidate) && typeof candidate !== "bigint" && !ArrayBuffer.isView(candidate);
}
