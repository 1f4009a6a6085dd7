import type { Figure } from "../tables/report.ts";
import { rowRandom } from "../tables/row-random.ts";
import type { TableOptions } from "../tables/table-options.ts";
import { ATTACKS, attackNamed, type Attack } from "./attacks.ts";
import { JobAmongSaboteurs } from "./job-among-saboteurs.ts";
import { drawn, measured, type MeasuredRuns } from "./saboteur-run.ts";
import { SERVERS, TABLE_ROWS, TASKS } from "./table-rows.ts";

type TableRow = (typeof TABLE_ROWS)[number];

const LIE_SHARES = [0.03, 0.1, 0.3, 1] as const;
const RUNS = { full: 3, quick: 2 } as const;
/** A quick run tries these alone, at one share of lies each, and not where servers are most and errors fewest. */
const QUICK = { attacks: ["new tasks only", "behaves for 20", "leaves in time"], lieShare: 0.1 } as const;

/** Everything that a saboteur does of its own accord, at each share of lies: error at most as asked for, work at most that of the published rule. */
export function* steadyFigures(options: TableOptions): Iterable<Figure> {
  for (const tableRow of TABLE_ROWS) {
    for (const lieShare of options.quick ? [QUICK.lieShare] : LIE_SHARES) {
      yield* figuresOf(tableRow, attackNamed("steady"), `s=${lieShare}`, [{ lieShare, found: attacked(tableRow, attackNamed("steady"), lieShare, options) }]);
    }
  }
}

/** Every other attack, at the share of lies that brings about most errors, and at the one that costs most. */
export function* attackFigures(options: TableOptions): Iterable<Figure> {
  const attacks = options.quick ? QUICK.attacks.map(attackNamed) : ATTACKS.filter(({ name }) => name !== "steady");
  const shares = options.quick ? [QUICK.lieShare] : LIE_SHARES;
  for (const tableRow of options.quick ? TABLE_ROWS.slice(0, 2) : TABLE_ROWS) {
    for (const attack of attacks) {
      if (attack.comesBack === true && tableRow.errorRate < NEW_NAMES_DOWN_TO) continue;
      yield* figuresOf(tableRow, attack, attack.name, shares.map((lieShare) => ({ lieShare, found: attacked(tableRow, attack, lieShare, options) })));
    }
  }
}

interface AtLieShare {
  readonly lieShare: number;
  readonly found: MeasuredRuns;
}

/** Error and work, each where it is worst. */
function* figuresOf({ saboteurShare, errorRate, published }: TableRow, attack: Attack, label: string, all: readonly AtLieShare[]): Iterable<Figure> {
  const row = `f=${saboteurShare} ε=${errorRate} ${label}`;
  const rest = { row, tolerance: 0, atMost: true, isSample: true };
  const wrong = all.reduce((before, next) => (next.found.error.mean > before.found.error.mean ? next : before));
  const dear = all.reduce((before, next) => (next.found.work.mean > before.found.work.mean ? next : before));
  yield drawn(wrong.found.error, { ...rest, column: "error", reference: errorRate, method: `worst at s=${wrong.lieShare}` });
  const isBound = attack.comesBack !== true || errorRate >= BOUND_DOWN_TO;
  yield drawn(dear.found.work, { ...rest, column: "work", reference: isBound ? published.work : null, method: `dearest at s=${dear.lieShare}` });
}

/** In the published rows who is caught stays away. Where names cost nothing, ours is within their work down to this error rate; below, it is told alone. */
const BOUND_DOWN_TO = 0.01;
/** Fewer errors than this, from crowds that change their names at will: a job takes seven times the work, and the simulation minutes. */
const NEW_NAMES_DOWN_TO = 0.001;

function attacked({ saboteurShare, errorRate }: TableRow, attack: Attack, lieShare: number, { seed, quick }: TableOptions): MeasuredRuns {
  const random = rowRandom(seed, `${attack.name} ${saboteurShare} ${errorRate} ${lieShare}`);
  const setting = { tasks: TASKS, servers: SERVERS, saboteurShare, errorRate, attack, lieShare };
  return measured(Array.from({ length: quick ? RUNS.quick : RUNS.full }, () => new JobAmongSaboteurs(setting, random).run()), TASKS);
}
