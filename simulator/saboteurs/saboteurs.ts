import type { Table } from "../tables/make-tables.ts";
import { gridFigures } from "./grid-figures.ts";
import { attackFigures, steadyFigures } from "./own-figures.ts";
import { adaptiveFigures, publishedFigures } from "./published-figures.ts";
import { votingFigures } from "./voting-figures.ts";

/** f: share of saboteurs; s: how often they lie; ε: the error rate that is asked for. */
export const SABOTEUR_TABLES: readonly Table[] = [
  { name: "voting", title: "m-first voting, every saboteur always lies", figures: votingFigures },
  { name: "adaptive", title: "BOINC's adaptive replication, saboteurs behave for ten answers, then lie", figures: adaptiveFigures },
  { name: "published", title: "credibility as published: 10 000 tasks, 200 servers, a spot-check in ten runs, at the worst s", figures: publishedFigures },
  { name: "steady", title: "ours: saboteurs who lie by chance on a part s of their answers, all alike", figures: steadyFigures },
  { name: "attacks", title: "ours: other attacks, error and work at the worst of s = .03, .1, .3 and 1", figures: attackFigures },
  { name: "grid", title: "the whole scheduler among tabs, all rules asked after each event: 2 000 tasks of a second, 40 tabs", figures: gridFigures },
];
