import { churnFigures } from "./churn.ts";
import { cuttingFigures } from "./cutting.ts";
import { hundredServersFigures } from "./hundred-servers.ts";
import { judge, printed, type Figure } from "./report.ts";
import { staleBoardFigures } from "./stale-board.ts";
import { supermarketFigures } from "./supermarket.ts";
import type { TableOptions } from "./table-options.ts";

interface Table {
  readonly name: string;
  readonly title: string;
  readonly figures: (options: TableOptions) => Iterable<Figure>;
}

const TABLES: readonly Table[] = [
  { name: "supermarket", title: "Mean time in system, each task to the shortest of d queues, many servers", figures: supermarketFigures },
  { name: "hundred", title: "Mean time in system, a hundred servers", figures: hundredServersFigures },
  { name: "stale", title: "Mean time in system, a hundred servers, λ=.9, loads known from a board renewed every T", figures: staleBoardFigures },
  { name: "cutting", title: "Dispatches: N tasks cut into batches for P equal servers", figures: cuttingFigures },
  { name: "churn", title: "Best length of a batch where sessions end and an unfinished batch is lost, overhead .2 s", figures: churnFigures },
];

export const TABLE_NAMES: readonly string[] = TABLES.map(({ name }) => name);

/** Makes the tables, all or the one of this name, hands each to `show` as text when it is done, and counts the misses. */
export function makeTables(options: TableOptions & { readonly only?: string | undefined }, show: (text: string) => void): number {
  let misses = 0;
  for (const { name, title, figures } of TABLES) {
    if (options.only !== undefined && options.only !== name) continue;
    const made = [...figures(options)];
    misses += made.filter((figure) => judge(figure, options.quick)?.missed === true).length;
    show(`${name}: ${title}\n${printed(made, options.quick)}\n`);
  }
  return misses;
}
