import type { IndexRange, IndexRanges } from "../../protocol/index-range.ts";
import type { JobChange } from "../grid/grid.ts";
import { STREAM_LIMITS } from "../limits.ts";

const COMPACT_AT_RANGES = 8_192;

export interface TakenChanges {
  readonly ranges: IndexRanges;
  readonly logs: readonly { readonly index: number; readonly line: string }[];
  /** State or counts changed. */
  readonly job: boolean;
}

/** What happened to a job since its viewers were told last, merged. */
export class PendingChanges {
  #ranges: IndexRange[] = [];
  #logs: { index: number; line: string }[] = [];
  #logsLeftOut = 0;
  #job = false;

  add(change: JobChange): void {
    if (change.type === "log") {
      if (this.#logs.length < STREAM_LIMITS.logLinesAtOnce) this.#logs.push({ index: change.index, line: change.line });
      else this.#logsLeftOut += 1;
      return;
    }
    this.#job = true;
    if (change.type !== "results") return;
    this.#ranges.push(...change.ranges);
    if (this.#ranges.length > COMPACT_AT_RANGES) this.#ranges = merged(this.#ranges);
  }

  take(): TakenChanges {
    const last = this.#logs.at(-1);
    const logs = this.#logsLeftOut === 0 || last === undefined
      ? this.#logs
      : [...this.#logs, { index: last.index, line: `(${this.#logsLeftOut} more lines were logged at the same time and are left out)` }];
    const taken = { ranges: merged(this.#ranges), logs, job: this.#job };
    this.#ranges = [];
    this.#logs = [];
    this.#logsLeftOut = 0;
    this.#job = false;
    return taken;
  }
}

function merged(ranges: readonly IndexRange[]): IndexRange[] {
  const result: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}
