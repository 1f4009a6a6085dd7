import { PackedValues } from "../../protocol/packed-values.ts";
import type { TaskFailure } from "../../protocol/up/outcomes.ts";
import { cutRanges, indexAt, withoutIndexes } from "../batch-positions.ts";
import type { RunOrder, SlotResults } from "../slot/slot-messages.ts";
import type { RunOutcomes } from "./slot-control.ts";

/**
 * Judges what a slot reports of a run of which `reported` positions are reported already: the expected positions in
 * order, one well-formed value for each that did not fail. Answers outcomes by index, or why the slot broke the rules.
 */
export function checkResults(order: RunOrder, reported: number, results: SlotResults): RunOutcomes | string {
  const { run, from, count, outputs, failures, ended } = results;
  const to = from + count;
  if (run !== order.run) return `it reported run ${run} in place of ${order.run}`;
  if (from !== reported || to > order.count) return `it reported tasks ${from} to ${to} in place of ${reported} to at most ${order.count}`;
  let previous = from - 1;
  const failed: TaskFailure[] = [];
  for (const { position, kind, message, stack } of failures) {
    if (position <= previous || position >= to) return `its failures are out of order at ${position}`;
    previous = position;
    failed.push({ index: indexAt(order.ranges, position), kind, message, stack });
  }
  const wrong = checkOutputs(outputs, count - failures.length, order.outputBytes);
  if (wrong !== null) return wrong;
  const done = withoutIndexes(cutRanges(order.ranges, from, to), failed.map(({ index }) => index));
  return { run, reported: to, done, outputs, failures: failed, busyMs: results.busyMs, ended };
}

function checkOutputs(outputs: Uint8Array, expected: number, maxBytes: number): string | null {
  let packed: PackedValues;
  try {
    packed = new PackedValues(outputs);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (packed.count !== expected) return `it sent ${packed.count} outputs in place of ${expected}`;
  for (let i = 0; i < expected; i++) if (packed.bytesAt(i) > maxBytes) return `its output ${i} passes the job's limit of ${maxBytes} bytes`;
  for (let i = 0; i < expected; i++) if (!packed.isWellFormedAt(i)) return `its output ${i} is no well-formed value`;
  return null;
}
