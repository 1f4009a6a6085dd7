import type { SeededRandom } from "../../scheduler/seeded-random.ts";
import { ln } from "../portable-math.ts";
import { batchMean, scaled, type Estimate } from "./estimate.ts";
import { PoissonCounts } from "./poisson.ts";
import type { RunLength } from "./queueing-chain.ts";

/** A queue that ever runs empty again with less than this probability is taken not to. */
const LN_NEVER = ln(1e-9);

interface HerdOptions extends RunLength {
  readonly servers: number;
  readonly load: number;
  /** How long a board stands, in mean service times. */
  readonly boardTime: number;
  readonly random: SeededRandom;
}

/**
 * Mean time in system where every task joins a queue that is shortest on the board, drawn anew from all of those for each
 * task, and the board is renewed every `boardTime`. The herd fills one or a few queues with all that arrives meanwhile, and
 * the number of tasks wanders so slowly that a run must be very long. Between two boards the queues know nothing of each
 * other: those on the board's minimum share the arrivals evenly, the others have none. So each is simulated alone: one
 * without arrivals in a single draw, one with them event by event, until it is too long to run empty before the next board.
 * Where only counts are drawn, the integral of the length is its mean given the counts, for which the events lie evenly.
 */
export function herdTime(options: HerdOptions): Estimate {
  const { servers, load, boardTime, warmUp, batchTime, batches } = options;
  const lengths = new Float64Array(servers);
  const advance = queueAdvancer(options);
  const run = (time: number) => {
    const boards = Math.max(1, Math.round(time / boardTime));
    let area = 0;
    for (let board = 0; board < boards; board++) {
      const { least, count } = minimum(lengths);
      for (let server = 0; server < servers; server++) {
        const length = lengths[server] ?? 0;
        const moved = advance(length, length === least ? (load * servers) / count : 0);
        lengths[server] = moved.length;
        area += moved.area;
      }
    }
    return area / (boards * boardTime);
  };
  run(warmUp);
  return scaled(batchMean(Array.from({ length: batches }, () => run(batchTime))), 1 / (load * servers));
}

/** One queue over one board's time: its length then, and the integral of its length. The object that is returned is used again. */
function queueAdvancer({ boardTime, random }: HerdOptions): (length: number, arrivalRate: number) => { readonly length: number; readonly area: number } {
  const poisson = new PoissonCounts(boardTime, random);
  const moved = { length: 0, area: 0 };
  const withoutArrivals = (length: number) => {
    const services = poisson.draw(boardTime);
    moved.length = Math.max(0, length - services);
    // Of the services that there is time for, the i-th ends at i / (services + 1) of that time, in the mean.
    moved.area = boardTime * (services < length ? length - services / 2 : (length * (length + 1)) / (2 * (services + 1)));
    return moved;
  };
  const withArrivals = (start: number, arrivalRate: number) => {
    let length = start;
    let left = boardTime;
    let area = 0;
    const safeLength = neverEmptyFrom(arrivalRate);
    while (left > 0 && length < safeLength) {
      const rate = arrivalRate + (length > 0 ? 1 : 0);
      const step = Math.min(left, -ln(1 - random.next()) / rate);
      area += length * step;
      left -= step;
      if (left > 0) length += random.next() * rate < arrivalRate ? 1 : -1;
    }
    const change = left > 0 ? poisson.draw(arrivalRate * left) - poisson.draw(left) : 0;
    moved.length = Math.max(0, length + change);
    moved.area = area + left * (length + change / 2);
    return moved;
  };
  return (length, arrivalRate) => arrivalRate > 0 ? withArrivals(length, arrivalRate) : withoutArrivals(length);
}

/** A walk that goes up faster than down ever comes back to nought from `length` with probability arrivalRate^-length. */
function neverEmptyFrom(arrivalRate: number): number {
  return arrivalRate > 1 ? -LN_NEVER / ln(arrivalRate) : Infinity;
}

function minimum(lengths: Float64Array): { readonly least: number; readonly count: number } {
  let least = Infinity;
  let count = 0;
  for (const length of lengths) {
    if (length < least) { least = length; count = 0; }
    if (length === least) count++;
  }
  return { least, count };
}
