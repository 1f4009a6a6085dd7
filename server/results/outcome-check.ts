import { GridError } from "../../protocol/grid-error.ts";
import { countIndexes } from "../../protocol/index-range.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { PackedValues } from "../../protocol/packed-values.ts";
import type { OutcomeReport } from "../../protocol/up/outcomes.ts";

/**
 * Reads the outputs of a report and checks that they are what the report says: one well-formed value for each index of
 * `done`, or a reference to a blob, none larger than the job's limit. Throws GridError "malformed".
 */
export function checkedOutputs(report: OutcomeReport, outputBytes: number = LIMITS.valueBytes): PackedValues {
  const outputs = new PackedValues(report.outputs);
  const expected = countIndexes(report.done);
  if (outputs.count !== expected) throw malformed(`it names ${expected} done tasks and carries ${outputs.count} outputs`);
  const largeIndexes = new Set(report.large.map(({ index }) => index));
  let position = 0;
  let largeSeen = 0;
  for (const [from, to] of report.done) {
    for (let index = from; index < to; index++) {
      if (outputs.bytesAt(position) === 0) {
        if (!largeIndexes.has(index)) throw malformed(`task ${index} has no output`);
        largeSeen++;
      } else if (outputs.bytesAt(position) > outputBytes) throw malformed(`the output of task ${index} passes the job's limit of ${outputBytes} bytes`);
      else if (!outputs.isWellFormedAt(position)) throw malformed(`the output of task ${index} is not one value`);
      position++;
    }
  }
  for (const { index, bytes } of report.large) if (bytes > outputBytes) throw malformed(`the output of task ${index} passes the job's limit of ${outputBytes} bytes`);
  if (largeSeen !== report.large.length) throw malformed("it refers to blobs of tasks that it does not name");
  return outputs;
}

function malformed(why: string): GridError {
  return new GridError("malformed", `Cannot read a report of outcomes: ${why}`);
}
