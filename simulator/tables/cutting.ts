import { factoring, guided, shippedByBatch, shippedByRounds, trapezoid } from "./loop-rules.ts";
import type { Figure } from "./report.ts";

const COLUMNS = [{ tasks: 1_000, servers: 4 }, { tasks: 100_000, servers: 100 }] as const;

/** NUMBERS.md section 2, dispatches. */
const ROWS = [
  { row: "GSS", rule: guided, references: [22, 745], method: "the rule" },
  { row: "FAC2", rule: factoring, references: [32, 1_000], method: "the rule" },
  { row: "TSS", rule: trapezoid, references: [15, 399], method: "the rule" },
  { row: "FAC2", rule: shippedByRounds, references: [32, 1_000], method: "scheduler/batch-sizing.ts, a share a round" },
  { row: "weighted factoring", rule: shippedByBatch, references: [null, null], method: "scheduler/batch-sizing.ts, a share a batch, as shipped" },
] as const;

export function* cuttingFigures(): Iterable<Figure> {
  for (const { row, rule, references, method } of ROWS) {
    for (const [at, { tasks, servers }] of COLUMNS.entries()) {
      const ours = rule(tasks, servers).length;
      yield { row, column: `N=${tasks} P=${servers}`, ours, standardError: null, reference: references[at] ?? null, tolerance: 0, method };
    }
  }
}
