import { LIMITS } from "../../protocol/limits.ts";

/** A numeric range as it is typed: half-open, `start` is in and `end` is not. */
export interface TypedRange {
  readonly start: number | null;
  readonly end: number | null;
  readonly step: number | null;
}

export type CheckedRange =
  | { readonly ok: true; readonly start: number; readonly end: number; readonly step: number; readonly count: number }
  | { readonly ok: false; readonly message: string };

/** Checks a range and counts its inputs. An empty step is 1. */
export function checkRange({ start, end, step }: TypedRange): CheckedRange {
  const by = step ?? 1;
  if (start === null || end === null) return { ok: false, message: "Cannot make a range yet: it needs a start and an end" };
  if (by === 0) return { ok: false, message: "Cannot make this range: a step of 0 never comes to the end" };
  const count = Math.ceil((end - start) / by);
  if (!(count > 0)) return { ok: false, message: `Cannot make this range: with steps of ${by}, no number from ${start} comes before ${end}` };
  if (count > LIMITS.jobTasks) return { ok: false, message: `Cannot make this range: it has more than ${LIMITS.jobTasks.toLocaleString("en")} inputs` };
  return { ok: true, start, end, step: by, count };
}

/** The first inputs of a range, and the last, for a look at it. */
export function previewRange({ start, step, count }: CheckedRange & { ok: true }, shown: number): { head: number[]; last: number } {
  return { head: Array.from({ length: Math.min(shown, count) }, (_, i) => start + i * step), last: start + (count - 1) * step };
}
