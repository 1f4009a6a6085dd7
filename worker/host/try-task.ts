import { LIMITS } from "../../protocol/limits.ts";
import { PackedValues, packValues } from "../../protocol/packed-values.ts";
import type { RunOutcomes } from "../supervisor/slot-control.ts";
import { inFreshSandbox } from "./fresh-sandbox.ts";
import type { SandboxPlace } from "./slot-frame.ts";
import { TaskError } from "./task-error.ts";

export interface TryTaskOptions extends SandboxPlace {
  /** A bundled JavaScript module. */
  readonly source: string;
  /** An encoded value. */
  readonly input: Uint8Array;
  readonly index: number;
  readonly taskTimeoutMs: number;
}

export interface TriedTask {
  /** An encoded value. */
  readonly output: Uint8Array;
  readonly durationMs: number;
  readonly logs: string[];
}

const TRIED_LOG_LINES = 1_000;
/** What Math.random is seeded from in place of a job's id. */
const TRIED_JOB = "tried-here";

/** Runs one task in this page, in a sandbox of its own. Throws TaskError when the task fails, Error when no sandbox can be made. */
export function tryTask({ source, input, index, taskTimeoutMs, ...place }: TryTaskOptions): Promise<TriedTask> {
  return inFreshSandbox(place, async (sandbox) => {
    await sandbox.loadTasks(TRIED_JOB, new TextEncoder().encode(source), taskTimeoutMs);
    const logs: string[] = [];
    const received: RunOutcomes[] = [];
    const order = {
      ranges: [[index, index + 1]] as const, count: 1, careful: true, cpuShare: 1, outputBytes: LIMITS.valueBytes, logLines: TRIED_LOG_LINES,
      inputs: { kind: "values", packed: packValues([input]), large: new Map<number, Uint8Array>() } as const,
    };
    await sandbox.run(order, taskTimeoutMs, {
      outcomes: (outcomes) => received.push(outcomes),
      progress: (progress) => logs.push(...progress.logs),
    });
    const durationMs = received.reduce((sum, { busyMs }) => sum + busyMs, 0);
    for (const { failures: [failure], outputs } of received) {
      if (failure !== undefined) throw new TaskError(failure.kind, failure.message, failure.stack);
      const packed = new PackedValues(outputs);
      if (packed.count > 0) return { output: packed.at(0), durationMs, logs };
    }
    throw new TaskError("slot-died", "The task ended without an answer", "");
  });
}
