import * as z from "zod/mini";
import { LIMITS } from "./limits.ts";

const index = z.int().check(z.minimum(0), z.maximum(LIMITS.jobTasks));

/** A half-open range of task indexes: `from` is in, `to` is not. Never empty. */
export const indexRangeSchema = z.tuple([index, index]).check(z.refine(([from, to]) => from < to, "a range must not be empty"));
export type IndexRange = readonly [from: number, to: number];

/** Ascending, not touching, not empty. */
export const indexRangesSchema = z.array(indexRangeSchema).check(
  z.maxLength(LIMITS.rangesPerMessage),
  z.refine((ranges) => ranges.every((range, i) => i === 0 || range[0] >= (ranges[i - 1]?.[1] ?? 0)), "ranges must ascend without overlap"),
);
export type IndexRanges = readonly IndexRange[];

/** How many indexes the ranges hold. */
export function countIndexes(ranges: IndexRanges): number {
  let count = 0;
  for (const [from, to] of ranges) count += to - from;
  return count;
}
