import type { Figure } from "../tables/report.ts";
import { rowRandom } from "../tables/row-random.ts";
import type { TableOptions } from "../tables/table-options.ts";
import { attackNamed } from "./attacks.ts";
import { GridAmongSaboteurs } from "./grid-among-saboteurs.ts";
import { drawn, measured } from "./saboteur-run.ts";
import { TABLE_ROWS } from "./table-rows.ts";

/** As many tasks a server as in the published rows. */
const SIZE = { full: { tasks: 2_000, servers: 40 }, quick: { tasks: 500, servers: 20 } } as const;
/** A twentieth of forty tabs are two saboteurs: what one of them gets through is a matter of luck. */
const RUNS = { full: 4, quick: 2 } as const;

/** `jobs`: the first ones are left alone. `byFailures`: they do not lie, but say that tasks failed. */
const CELLS = [
  { attack: "new tasks only", lieShare: 0.1, jobs: 1, byFailures: false, label: "new tasks only" },
  { attack: "steady", lieShare: 0.1, jobs: 1, byFailures: false, label: "steady" },
  { attack: "steady", lieShare: 1, jobs: 1, byFailures: false, label: "steady" },
  { attack: "steady", lieShare: 0.3, jobs: 2, byFailures: false, label: "one job of two" },
  { attack: "behaves for 20", lieShare: 1, jobs: 1, byFailures: false, label: "behaves for 20" },
  { attack: "leaves in time", lieShare: 0.3, jobs: 1, byFailures: false, label: "leaves in time" },
  { attack: "steady, new name", lieShare: 0.3, jobs: 1, byFailures: false, label: "steady, new name" },
  { attack: "one volunteer", lieShare: 0.3, jobs: 1, byFailures: false, label: "one volunteer" },
  { attack: "one address", lieShare: 0.3, jobs: 1, byFailures: false, label: "one address" },
  { attack: "false witness", lieShare: 1, jobs: 1, byFailures: false, label: "false witness" },
  { attack: "steady", lieShare: 1, jobs: 1, byFailures: true, label: "says it failed" },
] as const;

/** The whole scheduler among tabs, f=.2 and .05 at ε=.01. */
export function* gridFigures({ seed, quick }: TableOptions): Iterable<Figure> {
  const size = quick ? SIZE.quick : SIZE.full;
  for (const { saboteurShare, errorRate, published } of TABLE_ROWS.filter((row) => row.errorRate === 0.01)) {
    for (const { attack, lieShare, jobs, byFailures, label } of quick ? CELLS.slice(0, 1) : CELLS) {
      const row = `f=${saboteurShare} ε=${errorRate} ${label}, s=${lieShare}`;
      const random = rowRandom(seed, row);
      const setting = { ...size, saboteurShare, errorRate, attack: attackNamed(attack), lieShare, jobs, byFailures };
      const runs = Array.from({ length: quick ? RUNS.quick : RUNS.full }, () => new GridAmongSaboteurs(setting, random.below(2 ** 32)).run());
      const found = measured(runs, size.tasks);
      const rest = { row, tolerance: 0, atMost: true, isSample: true };
      const failed = runs.reduce((sum, run) => sum + run.failed, 0) / runs.length / size.tasks;
      yield drawn(found.error, { ...rest, column: "error", reference: errorRate, method: failed === 0 ? "" : `${(100 * failed).toFixed(2)} % of the tasks failed for good` });
      yield drawn(found.work, { ...rest, column: "work", reference: published.work, method: "" });
    }
  }
}
