import type { Figure } from "../tables/report.ts";
import { rowRandom } from "../tables/row-random.ts";
import type { TableOptions } from "../tables/table-options.ts";
import { simulateAdaptiveReplication } from "./adaptive-replication.ts";
import { PublishedCredibility } from "./published-credibility.ts";
import { drawn, measured, type MeasuredRuns } from "./saboteur-run.ts";
import { TABLE_ROWS, TASKS, SERVERS } from "./table-rows.ts";

/** NUMBERS.md section 4. One run scatters by 15 % at f=.05 and by 8 % at f=.2. */
const ADAPTIVE = [{ saboteurShare: 0.05, error: 0.019 }, { saboteurShare: 0.2, error: 0.055 }] as const;
const ADAPTIVE_TOLERANCE = 0.1;
const ADAPTIVE_RUNS = { full: 100, quick: 10 } as const;

export function* adaptiveFigures({ seed, quick }: TableOptions): Iterable<Figure> {
  for (const { saboteurShare, error } of ADAPTIVE) {
    const row = "behaves until trusted";
    const random = rowRandom(seed, `${row} ${saboteurShare}`);
    const runs = Array.from({ length: quick ? ADAPTIVE_RUNS.quick : ADAPTIVE_RUNS.full }, () => simulateAdaptiveReplication(TASKS, SERVERS, saboteurShare, random));
    const found = measured(runs, TASKS);
    const rest = { row, tolerance: ADAPTIVE_TOLERANCE, isSample: true, method: "simulated" };
    yield drawn(found.error, { ...rest, column: `f=${saboteurShare} error`, reference: error });
    yield drawn(found.work, { ...rest, column: `f=${saboteurShare} work`, reference: null });
  }
}

const SPOT_CHECK_RATE = 0.1;
const LIE_SHARES = { full: [0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 1], quick: [0.1, 0.2] } as const;
const RUNS = { full: 10, quick: 2 } as const;
/** Two figures are told of each. */
const ERROR_TOLERANCE = 0.15;
const WORK_TOLERANCE = 0.03;

/** The rule as it was published, at the share of lies that is worst for it. */
export function* publishedFigures({ seed, quick }: TableOptions): Iterable<Figure> {
  for (const blacklisting of [true, false]) {
    for (const { saboteurShare, errorRate, published } of TABLE_ROWS) {
      const row = `f=${saboteurShare} ε=${errorRate}${blacklisting ? "" : ", no blacklist"}`;
      const { lieShare, found } = worst(LIE_SHARES[quick ? "quick" : "full"].map((share) => {
        const random = rowRandom(seed, `published ${row} ${share}`);
        const setting = { tasks: TASKS, servers: SERVERS, saboteurShare, errorRate, lieShare: share, spotCheckRate: SPOT_CHECK_RATE, blacklisting };
        const runs = Array.from({ length: quick ? RUNS.quick : RUNS.full }, () => new PublishedCredibility(setting, random).run());
        return { lieShare: share, found: measured(runs, TASKS) };
      }));
      const rest = { row, isSample: true, method: `simulated, worst s=${lieShare}` };
      const { error, work } = blacklisting ? published : NOT_TOLD;
      yield drawn(found.error, { ...rest, column: "error", reference: error?.value ?? null, tolerance: ERROR_TOLERANCE, atMost: error?.atMost === true });
      yield drawn(found.work, { ...rest, column: "work", reference: work, tolerance: WORK_TOLERANCE });
    }
  }
}

const NOT_TOLD = { error: null, work: null } as const;

interface AtLieShare {
  readonly lieShare: number;
  readonly found: MeasuredRuns;
}

function worst(all: readonly AtLieShare[]): AtLieShare {
  return all.reduce((before, next) => (next.found.error.mean > before.found.error.mean ? next : before));
}
