import type { ViewKind } from "../../protocol/http/view.ts";
import { decodeValue, type Value } from "../../protocol/value.ts";
import type { ResultsArchive, StoredJob } from "../archive/archive.ts";
import { visitValues } from "./stored-values.ts";

/** Tasks from the start of a job whose outputs tell how to show it. */
const TASKS_LOOKED_AT = 20;

/** How a job's result is shown: as its view says, or as its first outputs suggest. A picture is never guessed. */
export async function inferView(archive: ResultsArchive, job: StoredJob): Promise<ViewKind> {
  if (job.view !== null) return job.view.kind;
  const outputs: Value[] = [];
  await visitValues(archive, job.jobId, [0, Math.min(job.tasks, TASKS_LOOKED_AT)], () => true, (_, encoded) => {
    if (encoded !== undefined) collect(outputs, encoded);
  });
  if (outputs.length > 0 && outputs.every((output) => output instanceof Uint8Array)) return "files";
  if (outputs.length > 0 && outputs.every((output) => typeof output === "string")) return "text";
  return job.tasks === 1 ? "value" : "table";
}

function collect(outputs: Value[], encoded: Uint8Array): void {
  let output: Value;
  try {
    output = decodeValue(encoded);
  } catch {
    // What cannot be decoded suggests no view; whoever reads the results is told about it there.
    return;
  }
  outputs.push(output);
}
