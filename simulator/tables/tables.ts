import { churnFigures } from "./churn.ts";
import { cuttingFigures } from "./cutting.ts";
import { hundredServersFigures } from "./hundred-servers.ts";
import type { Table } from "./make-tables.ts";
import { staleBoardFigures } from "./stale-board.ts";
import { supermarketFigures } from "./supermarket.ts";

export const TABLES: readonly Table[] = [
  { name: "supermarket", title: "Mean time in system, each task to the shortest of d queues, many servers", figures: supermarketFigures },
  { name: "hundred", title: "Mean time in system, a hundred servers", figures: hundredServersFigures },
  { name: "stale", title: "Mean time in system, a hundred servers, λ=.9, loads known from a board renewed every T", figures: staleBoardFigures },
  { name: "cutting", title: "Dispatches: N tasks cut into batches for P equal servers", figures: cuttingFigures },
  { name: "churn", title: "Best length of a batch where sessions end and an unfinished batch is lost, overhead .2 s", figures: churnFigures },
];
