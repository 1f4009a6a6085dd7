import * as z from "zod/mini";

const figures = z.array(z.number()).check(z.minLength(1));

/** One line of a benchmark's table. Where something was measured several times, all of it is kept; tables show medians. */
export const rowSchema = z.object({
  what: z.string(),
  unit: z.string(),
  better: z.enum(["more", "less"]),
  ours: figures,
  peer: z.optional(z.object({
    name: z.string(),
    figures,
    /** Where the figure is from when it was not measured in this run. */
    source: z.optional(z.string()),
  })),
  /** From DESIGN's bar: at least, or at most. */
  target: z.optional(z.number()),
});
export type Row = z.infer<typeof rowSchema>;

export const machineSchema = z.object({
  cpu: z.string(), cores: z.int(), memoryGiB: z.number(), system: z.string(), node: z.string(),
  /** Null where the benchmark needs none and none was found. */
  browser: z.nullable(z.string()),
  /** Processes that wanted to run before the benchmark began, a mean over a minute: above 1 others were at work. 0 on Windows. */
  loadBefore: z.number(),
});
export type Machine = z.infer<typeof machineSchema>;

/** What one benchmark wrote into its JSON file. */
export const benchmarkResultSchema = z.object({
  name: z.string(),
  title: z.string(),
  command: z.string(),
  /** ISO 8601, UTC. */
  date: z.string(),
  /** Small sizes: shows that it runs, and nothing more. */
  quick: z.boolean(),
  machine: machineSchema,
  rows: z.array(rowSchema),
  /** What a reader must know to judge the figures. */
  notes: z.array(z.string()),
});
export type BenchmarkResult = z.infer<typeof benchmarkResultSchema>;
