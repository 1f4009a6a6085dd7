import type { Figure } from "../tables/report.ts";
import { rowRandom } from "../tables/row-random.ts";
import type { TableOptions } from "../tables/table-options.ts";
import { drawn, measured } from "./saboteur-run.ts";
import { simulateVoting, votingError, votingWork } from "./voting.ts";

const SABOTEUR_SHARE = 0.2;
/** NUMBERS.md section 4, with the places it is given to. */
const ROWS = [{ m: 2, error: 0.104, work: 2.32 }, { m: 3, error: 0.058, work: 3.63 }, { m: 5, error: 0.02, work: 6.2 }] as const;
const ERROR_ROUNDING = 0.0005;
const WORK_ROUNDING = 0.005;
const TASKS = 20_000;
const RUNS = { full: 50, quick: 5 } as const;

/** Every saboteur always lies: the closed forms give what the reference says, and the simulation what the closed forms say. */
export function* votingFigures({ seed, quick }: TableOptions): Iterable<Figure> {
  for (const { m, error, work } of ROWS) {
    const row = `${m}-first voting, f=.2`;
    const method = "closed form";
    const exact = { error: votingError(m, SABOTEUR_SHARE), work: votingWork(m, SABOTEUR_SHARE) };
    yield { row, column: "error", ours: exact.error, standardError: null, reference: error, tolerance: ERROR_ROUNDING / error, method };
    yield { row, column: "work", ours: exact.work, standardError: null, reference: work, tolerance: WORK_ROUNDING / work, method };
    const random = rowRandom(seed, row);
    const runs = Array.from({ length: quick ? RUNS.quick : RUNS.full }, () => simulateVoting(m, SABOTEUR_SHARE, TASKS, random));
    const found = measured(runs, TASKS);
    const sample = { row, tolerance: 0, isSample: true, method: "simulated, against the closed form" };
    yield drawn(found.error, { ...sample, column: "error", reference: exact.error });
    yield drawn(found.work, { ...sample, column: "work", reference: exact.work });
  }
}
