import * as z from "zod/mini";
import { encodeValue, decodeValue } from "../../protocol/value.ts";
import { PackedValues } from "../../protocol/packed-values.ts";
import { createComputeServer } from "../host/compute-server.ts";
import type { ComputeServerHandle } from "../host/compute-server-state.ts";
import { inspectExecutable } from "../host/inspect-executable.ts";
import { TaskError } from "../host/task-error.ts";
import { tryTask } from "../host/try-task.ts";

// What the tests drive from outside by page.evaluate.

z.config({ jitless: true });

interface Place {
  readonly sandboxOrigin: string | null;
  readonly hubUrl: string;
}

/** Values cross to the test as JSON, thus as plain data. */
async function attempt(source: string, input: unknown, place: Place, taskTimeoutMs: number) {
  try {
    const { output, durationMs, logs } = await tryTask({ source, input: encodeValue(input), index: 3, taskTimeoutMs, ...place });
    return { output: decodeValue(output), durationMs, logs };
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    const { kind, message, line, column, stack } = error;
    return { kind, message, line, column, stack };
  }
}

async function inspect(source: string, args: unknown, place: Place, maxInputs: number) {
  const { view, inputs, hasDefault } = await inspectExecutable({ source, args, maxInputs, ...place });
  const packed = inputs === null ? null : new PackedValues(inputs.values);
  const values = packed === null ? null : Array.from({ length: packed.count }, (_, i) => decodeValue(packed.at(i)));
  return { view, hasDefault, values, truncated: inputs?.truncated ?? null };
}

function createdNowhere(): ComputeServerHandle | null {
  return null;
}

const testApi = {
  server: createdNowhere(),
  create(slots: number, place: Place, cpuShare = 1) {
    testApi.server = createComputeServer({ name: "test", slots, cpuShare, keepComputingInBackground: true, ...place });
    testApi.server.start();
  },
  frames: () => document.querySelectorAll("iframe").length,
  attempt,
  inspect,
};

declare global {
  var testApi: TestApi;
}
export type TestApi = typeof testApi;
globalThis.testApi = testApi;
