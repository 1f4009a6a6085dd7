import { cuttingFigures } from "./cutting.ts";
import { judge, printed, type Figure } from "./report.ts";

export interface TableOptions {
  readonly seed: number;
  /** Short runs, for tests: misses that chance explains are none. */
  readonly quick: boolean;
}

interface Table {
  readonly name: string;
  readonly title: string;
  readonly figures: (options: TableOptions) => Iterable<Figure>;
}

const TABLES: readonly Table[] = [
  { name: "cutting", title: "Dispatches: N tasks cut into batches for P equal servers", figures: cuttingFigures },
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
