import { PLACEMENT_NAMES } from "../scheduler/placement/policies.ts";
import { runScenario, type ScenarioResult } from "./run-scenario.ts";
import { SCENARIOS } from "./scenarios.ts";

/** Grids in which the policies are compared: equal, unlike, and coming and going Compute Servers, and jobs that arrive by chance. */
const GRIDS = ["homogeneous", "heterogeneous", "tabs", "arrivals"] as const;

/** One policy in one grid: means over the seeds. */
export interface PolicyRow {
  readonly grid: string;
  readonly policy: string;
  /** Makespan over its lower bound. */
  readonly makespan: number;
  /** Utilisation of the busiest tenth of servers less that of the idlest tenth. */
  readonly spread: number;
  readonly meanTimeInSystemMs: number;
}

/** Runs every policy in every grid, with the same seeds. */
export function* comparePolicies(seed: number, runs: number, grids: readonly string[] = GRIDS): Generator<PolicyRow> {
  for (const grid of grids) {
    const scenario = SCENARIOS[grid];
    if (scenario === undefined) throw new RangeError(`Cannot compare policies in "${grid}": there is no such scenario`);
    for (const policy of PLACEMENT_NAMES) {
      const results = Array.from({ length: runs }, (_, run) => runScenario(scenario, { seed: seed + run, placement: policy, unchecked: true }));
      const mean = (of: (result: ScenarioResult) => number) => results.reduce((sum, result) => sum + of(result), 0) / runs;
      yield {
        grid, policy,
        makespan: mean(({ makespanMs, boundMs }) => makespanMs / boundMs),
        spread: mean(({ utilisation }) => utilisation.high - utilisation.low),
        meanTimeInSystemMs: mean(({ meanTimeInSystemMs }) => meanTimeInSystemMs),
      };
    }
  }
}

/** As a line of a Markdown table. */
export function describeRow({ grid, policy, makespan, spread, meanTimeInSystemMs }: PolicyRow): string {
  return `| ${grid} | ${policy} | ${makespan.toFixed(3)} | ${(100 * spread).toFixed(1)} % | ${(meanTimeInSystemMs / 1_000).toFixed(2)} s |`;
}

export const POLICY_TABLE_HEAD = "| grid | policy | makespan ÷ bound | utilisation spread | mean time in system |\n|---|---|---|---|---|";
