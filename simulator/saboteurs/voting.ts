import type { SeededRandom } from "../../scheduler/seeded-random.ts";
import type { SaboteurRun } from "./saboteur-run.ts";

/**
 * m-first voting: a task runs until m answers agree. All wrong answers are equal, and an answer is wrong with probability
 * φ whatever others gave. The share of tasks whose accepted answer is wrong (Sarmenta 2002).
 */
export function votingError(m: number, wrongShare: number): number {
  const most = 2 * m - 1;
  let error = 0;
  for (let wrong = m; wrong <= most; wrong++) error += choose(most, wrong) * wrongShare ** wrong * (1 - wrongShare) ** (most - wrong);
  return error;
}

/** Its mean runs a task: the n-th answer ends it where it is the m-th of its kind. */
export function votingWork(m: number, wrongShare: number): number {
  let work = 0;
  for (let n = m; n <= 2 * m - 1; n++) {
    const others = n - m;
    work += n * choose(n - 1, m - 1) * (wrongShare ** m * (1 - wrongShare) ** others + (1 - wrongShare) ** m * wrongShare ** others);
  }
  return work;
}

export function simulateVoting(m: number, wrongShare: number, tasks: number, random: SeededRandom): SaboteurRun {
  let wrongAccepted = 0;
  let runs = 0;
  for (let task = 0; task < tasks; task++) {
    let right = 0;
    let wrong = 0;
    while (right < m && wrong < m) {
      if (random.next() < wrongShare) wrong++;
      else right++;
    }
    runs += right + wrong;
    if (wrong === m) wrongAccepted++;
  }
  return { error: wrongAccepted / tasks, work: runs / tasks };
}

function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return ways;
}
