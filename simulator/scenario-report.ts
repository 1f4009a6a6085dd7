import type { ScenarioResult } from "./run-scenario.ts";

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** A run's result in lines to read. Times are virtual. */
export function describeResult(result: ScenarioResult): string[] {
  const { utilisation } = result;
  const rows: [string, string][] = [
    ["makespan", `${seconds(result.makespanMs)}, ${(result.makespanMs / result.boundMs).toFixed(3)} × the lower bound of ${seconds(result.boundMs)}`],
    ["utilisation of servers", `min ${percent(utilisation.min)}, median ${percent(utilisation.median)}, max ${percent(utilisation.max)}`],
    ["wasted work", percent(result.wasted)],
    ["dispatches", `${result.dispatches.toLocaleString("en")} batches; ${percent(result.assignedAgain)} of the tasks again`],
    ["time in system, mean", seconds(result.meanTimeInSystemMs)],
    ["first batch after", `at most ${seconds(result.longestFirstWaitMs)}`],
    ["fairness between owners", result.fairness.toFixed(3)],
    ["estimate at half-way", result.estimateAtHalf === null ? "not asked" : `${result.estimateAtHalf.toFixed(2)} × what it then took`],
    ["trace", result.traceHash],
  ];
  if (result.wrongAccepted > 0) rows.splice(3, 0, ["lies accepted", String(result.wrongAccepted)]);
  return rows.map(([what, told]) => `  ${what.padEnd(24)} ${told}`);
}
