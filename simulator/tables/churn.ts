import type { SeededRandom } from "../../scheduler/seeded-random.ts";
import { exp, ln } from "../portable-math.ts";
import { batchMean } from "./estimate.ts";
import type { Figure } from "./report.ts";
import { rowRandom } from "./row-random.ts";
import type { TableOptions } from "./table-options.ts";

/** Overhead of a batch, seconds. */
const OVERHEAD_S = 0.2;
const SESSIONS = 50_000;
const QUICK_SESSIONS = 5_000;
/** Independent simulations, each of so many sessions. */
const REPLICATIONS = 10;
/** The references are printed to a tenth of a second and to a tenth of a percent: half of that, and a little. */
const LENGTH_TOLERANCE = 0.011;
const EFFICIENCY_TOLERANCE = 0.0006;

/** NUMBERS.md section 2: a batch that a session's end cuts off is lost. Sessions are exponential. Seconds. */
const ROWS = [
  { meanSession: 60, bestLength: 4.8, efficiency: 0.921 },
  { meanSession: 300, bestLength: 10.8, efficiency: 0.964 },
  { meanSession: 3_600, bestLength: 37.8, efficiency: 0.99 },
] as const;

export function* churnFigures({ seed, quick }: TableOptions): Iterable<Figure> {
  for (const { meanSession, bestLength, efficiency } of ROWS) {
    const row = `M=${meanSession} s`;
    const guess = Math.sqrt(2 * OVERHEAD_S * meanSession);
    const computed = (length: number) => length / (meanSession * (exp((length + OVERHEAD_S) / meanSession) - 1));
    const best = bestOf(computed, guess);
    const byLength = { row, column: "best L, s", reference: bestLength, tolerance: LENGTH_TOLERANCE };
    const byEfficiency = { row, column: "efficiency", reference: efficiency, tolerance: EFFICIENCY_TOLERANCE };
    yield { ...byLength, ours: best, standardError: null, method: FORMULA };
    yield { ...byEfficiency, ours: computed(best), standardError: null, method: FORMULA };

    const random = rowRandom(seed, row);
    const found = Array.from({ length: REPLICATIONS }, () => {
      const sessions = stratifiedSessions(meanSession, quick ? QUICK_SESSIONS : SESSIONS, random);
      const length = bestOf((length) => usefulShare(sessions, length), guess);
      return { length, efficiency: usefulShare(sessions, length) };
    });
    const lengths = batchMean(found.map(({ length }) => length));
    const efficiencies = batchMean(found.map(({ efficiency }) => efficiency));
    yield { ...byLength, ours: lengths.mean, standardError: lengths.standardError, method: SIMULATED };
    yield { ...byEfficiency, ours: efficiencies.mean, standardError: efficiencies.standardError, method: SIMULATED };
  }
}

const FORMULA = "E = M(e^((L+c)/M) − 1)";
const SIMULATED = "simulated sessions, stratified";

/** One from each of `count` equal parts of the distribution, so that shares of sessions are right to about 1 / count. */
function stratifiedSessions(mean: number, count: number, random: SeededRandom): Float64Array {
  return Float64Array.from({ length: count }, (_, at) => -mean * ln((at + 1 - random.next()) / count));
}

/** Every session runs batch after batch; what counts is the work of those that it completes, over all of its time. */
function usefulShare(sessions: Float64Array, length: number): number {
  let work = 0;
  let time = 0;
  for (const session of sessions) {
    work += length * Math.floor(session / (length + OVERHEAD_S));
    time += session;
  }
  return work / time;
}

/**
 * The length of the greatest share, by the parabola through a third below and above the guess and the guess itself, and
 * again about what it gives: near its top the curve is flatter than a simulation can tell apart.
 */
function bestOf(share: (length: number) => number, guess: number): number {
  let best = guess;
  for (let round = 0; round < 3; round++) {
    const [low, high] = [best / 1.4, best * 1.4];
    best = parabolaTop([low, best, high], [share(low), share(best), share(high)]);
  }
  return best;
}

/** Through three points in the logarithm of x, in which the curve is nearly even about its top. */
function parabolaTop([x0, x1, x2]: readonly [number, number, number], [y0, y1, y2]: readonly [number, number, number]): number {
  const step = ln(x2 / x1);
  return x1 * exp((step * (y0 - y2)) / (2 * (y0 - 2 * y1 + y2)) * (ln(x1 / x0) / step));
}
