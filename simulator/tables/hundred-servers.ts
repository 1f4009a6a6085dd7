import type { SeededRandom } from "../../scheduler/seeded-random.ts";
import { centralQueueSimulated } from "./central-queue.ts";
import type { Estimate } from "./estimate.ts";
import { leastExpectedFinish, sample, shortest, twoDistinct } from "./placement-rules.ts";
import { shortened, timeInSystem, type QueueingRun } from "./queueing-run.ts";
import { centralQueueTime } from "./queueing-formulas.ts";
import type { Figure } from "./report.ts";
import { rowRandom } from "./row-random.ts";
import type { TableOptions } from "./table-options.ts";
import { taskByTask } from "./task-by-task.ts";

const SERVERS = 100;
const PRINTED = 5e-5;
/** A short run leaves out the load at which it would be too short. */
const QUICK_UP_TO_LOAD = 0.95;
const QUICK_PART = 1 / 20;
/** In mean service times, at those loads: what the queues remember, and some. */
const SHORTEST_BATCH = 20;

const LOADS = [0.5, 0.7, 0.8, 0.9, 0.95, 0.99] as const;

interface Row {
  readonly row: string;
  readonly method: string;
  /** NUMBERS.md section 1, at the LOADS. */
  readonly times: readonly number[];
  readonly measure: (run: QueueingRun, random: SeededRandom) => Estimate;
  /** Where the method is too slow for more. */
  readonly upToLoad?: number;
  readonly shorter?: number;
}

const WITH_REPLACEMENT = [1.2715, 1.6264, 1.9683, 2.6585, 3.4739, 5.955] as const;
const SHORTEST = [1.000, 1.000, 1.006, 1.067, 1.222, 2.17] as const;
const CENTRAL = [1.0000, 1.0000, 1.0010, 1.0217, 1.1013, 1.8828] as const;

const ROWS: readonly Row[] = [
  {
    row: "d=2 without replacement", method: "rule; controls: busy servers, M/M/n", times: [1.2674, 1.6201, 1.9594, 2.6442, 3.4603, 5.922],
    measure: (run, random) => timeInSystem(run, random, (queues) => ({ choose: twoDistinct(queues, random) })),
  },
  {
    row: "d=2 with replacement", method: "shipped two-choices; controls: busy servers, M/M/n", times: WITH_REPLACEMENT,
    measure: (run, random) => timeInSystem(run, random, (queues) => ({ choose: sample(2, queues.count, (queue) => queues.lengthOf(queue), random) })),
  },
  {
    row: "d=2 with replacement", method: "shipped two-choices, every task followed; controls: its draws, M/M/n", times: WITH_REPLACEMENT,
    measure: taskByTask, upToLoad: 0.9,
  },
  {
    row: "join the shortest queue", method: "shipped least-expected-finish; controls: busy servers, M/M/n", times: SHORTEST,
    measure: (run, random) => timeInSystem(run, random, (queues) => ({ choose: leastExpectedFinish(queues, random) })), upToLoad: 0.9, shorter: 1 / 10,
  },
  {
    row: "join the shortest queue", method: "rule; controls: busy servers, M/M/n", times: SHORTEST,
    measure: (run, random) => timeInSystem(run, random, (queues) => ({ choose: shortest(queues) })),
  },
  {
    row: "central queue M/M/100", method: "one queue; controls: change of square, busy servers", times: CENTRAL,
    measure: (run, random) => centralQueueSimulated(SERVERS, run.load, run, random),
  },
];

/** Long where the queues remember for long. */
function fullRun(load: number): QueueingRun {
  const time = load < 0.95 ? 10_000 : load < 0.99 ? 40_000 : 150_000;
  return { load, servers: SERVERS, warmUp: time / 20, batchTime: time / 20, batches: 20 };
}

export function* hundredServersFigures({ seed, quick }: TableOptions): Iterable<Figure> {
  for (const { row, method, times, measure, upToLoad = 1, shorter = 1 } of ROWS) {
    for (const [at, load] of LOADS.entries()) {
      if (load > (quick ? Math.min(upToLoad, QUICK_UP_TO_LOAD) : upToLoad)) continue;
      const column = `λ=${load.toFixed(2)}`;
      const full = fullRun(load);
      const run = shortened(full, Math.max(SHORTEST_BATCH / full.batchTime, quick ? shorter * QUICK_PART : shorter));
      const { mean, standardError } = measure(run, rowRandom(seed, `${row} ${method} ${column}`));
      yield { row, column, ours: mean, standardError, reference: times[at] ?? null, tolerance: load < 0.99 ? 0.01 : 0.02, method };
    }
  }
  for (const [at, load] of LOADS.entries()) {
    const ours = centralQueueTime(load, SERVERS);
    yield { row: "central queue M/M/100", column: `λ=${load.toFixed(2)}`, ours, standardError: null, reference: CENTRAL[at] ?? null, tolerance: PRINTED, method: "Erlang C" };
  }
}
