import { sample } from "./placement-rules.ts";
import { shortened, timeAtRandom, timeInSystem, type QueueingRun } from "./queueing-run.ts";
import { supermarketTime } from "./queueing-formulas.ts";
import type { Figure } from "./report.ts";
import { rowRandom } from "./row-random.ts";
import type { TableOptions } from "./table-options.ts";

/** Of what is simulated. */
const TOLERANCE = 0.01;
/** Of what is computed: five digits are printed. */
const PRINTED = 5e-5;
/** A short run has fewer servers; at a higher load they would not do. */
const QUICK_SERVERS = 1_000;
const QUICK_UP_TO_LOAD = 0.9;
const QUICK_PART = 1 / 4;

/** NUMBERS.md section 1, the closed forms for infinitely many servers, at the loads of RUNS. */
const REFERENCES = [
  { choices: 1, times: [2.0000, 3.3333, 5.0000, 10.000, 20.000, 100.00] },
  { choices: 2, times: [1.2657, 1.6145, 1.9474, 2.6141, 3.3830, 5.4320] },
  { choices: 3, times: [1.1252, 1.3568, 1.5809, 2.0279, 2.5351, 3.8578] },
  { choices: 5, times: [1.0313, 1.1681, 1.3289, 1.6329, 1.9888, 2.9017] },
] as const;

/**
 * A hundred servers at load .99 are slower by a tenth than infinitely many, n servers by about 100/n of that. All begin
 * empty; warm-up and batches are long beside what the queues remember.
 */
const RUNS: readonly QueueingRun[] = [
  { load: 0.5, servers: 2_000, warmUp: 50, batchTime: 20, batches: 20 },
  { load: 0.7, servers: 2_000, warmUp: 100, batchTime: 20, batches: 20 },
  { load: 0.8, servers: 2_000, warmUp: 100, batchTime: 20, batches: 20 },
  { load: 0.9, servers: 2_000, warmUp: 200, batchTime: 40, batches: 20 },
  { load: 0.95, servers: 3_000, warmUp: 300, batchTime: 60, batches: 20 },
  { load: 0.99, servers: 10_000, warmUp: 600, batchTime: 60, batches: 20 },
];

/**
 * One choice: queues that are independent, so that their number is of no importance. At load .99 they remember for 40 000
 * service times and have not settled after this warm-up; what is measured of them has, to a fifth of a percent.
 */
const RANDOM_RUNS: readonly QueueingRun[] = RUNS.map(({ load }) => {
  const memory = 1 / (1 - Math.sqrt(load)) ** 2;
  return { load, servers: 1_000, warmUp: Math.min(10_000, 5 * memory), batchTime: Math.min(50, 20 * memory), batches: 20 };
});

export function* supermarketFigures({ seed, quick }: TableOptions): Iterable<Figure> {
  for (const { choices, times } of REFERENCES) {
    for (const [at, full] of (choices === 1 ? RANDOM_RUNS : RUNS).entries()) {
      const { load } = full;
      const reference = times[at] ?? null;
      const column = `λ=${load.toFixed(2)}`;
      yield { row: `d=${choices}, n→∞`, column, ours: supermarketTime(load, choices), standardError: null, reference, tolerance: PRINTED, method: "closed form" };

      if (quick && load > QUICK_UP_TO_LOAD) continue;
      const run = quick ? { ...shortened(full, QUICK_PART), servers: QUICK_SERVERS } : full;
      const row = `d=${choices}, n=${run.servers}`;
      const random = rowRandom(seed, `${row} ${column}`);
      const { mean, standardError } = choices === 1
        ? timeAtRandom(run, random, (queues) => sample(1, queues.count, (queue) => queues.lengthOf(queue), random))
        : timeInSystem(run, random, (queues) => ({ choose: sample(choices, queues.count, (queue) => queues.lengthOf(queue), random) }));
      yield { row, column, ours: mean, standardError, reference, tolerance: TOLERANCE, method: METHODS[choices] };
    }
  }
}

const METHODS = {
  1: "shipped random; by the share of busy servers",
  2: "shipped two-choices; controls: busy servers, M/M/n",
  3: "shipped bySample(3); controls: busy servers, M/M/n",
  5: "shipped bySample(5); controls: busy servers, M/M/n",
} as const;
