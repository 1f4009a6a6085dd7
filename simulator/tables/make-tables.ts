import { judge, printed, type Figure } from "./report.ts";
import type { TableOptions } from "./table-options.ts";

export interface Table {
  readonly name: string;
  readonly title: string;
  readonly figures: (options: TableOptions) => Iterable<Figure>;
}

/** Makes the tables, all or the one of this name, hands each to `show` as text when it is done, and counts the misses. */
export function makeTables(tables: readonly Table[], options: TableOptions & { readonly only?: string | undefined }, show: (text: string) => void): number {
  let misses = 0;
  for (const { name, title, figures } of tables) {
    if (options.only !== undefined && options.only !== name) continue;
    const made = [...figures(options)];
    misses += made.filter((figure) => judge(figure, options.quick)?.missed === true).length;
    show(`${name}: ${title}\n${printed(made, options.quick)}\n`);
  }
  return misses;
}
