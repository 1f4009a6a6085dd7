import type { SeededRandom } from "../scheduler/seeded-random.ts";
import { exp, gamma, ln } from "./portable-math.ts";

/**
 * What is drawn at random: task lengths, sessions, speeds, delays. Never negative, in the unit of its mean. A draw has 32
 * random bits, so that what happens less often than once in 4 · 10⁹ draws does not happen.
 */
export interface Distribution {
  /** Exact. */
  readonly mean: number;
  draw(random: SeededRandom): number;
}

/** One of several, each with its share of the draws. Shares count in proportion to their sum. */
interface Share {
  readonly share: number;
  readonly of: Distribution;
}

export function constant(value: number): Distribution {
  return { mean: positive("value", value), draw: () => value };
}

export function exponential(mean: number): Distribution {
  positive("mean", mean);
  return { mean, draw: (random) => -mean * ln(aboveZero(random)) };
}

/** `sigma`: standard deviation of the logarithm. 1 spreads the middle two thirds over 1 : 7. */
export function logNormal(mean: number, sigma: number): Distribution {
  const median = positive("mean", mean) * exp(-(positive("sigma", sigma) ** 2) / 2);
  return { mean, draw: (random) => median * exp(sigma * normal(random)) };
}

/** Heavy tail: P(X > x) = (least / x)^shape. The mean needs a shape above 1, a variance one above 2. */
export function pareto(mean: number, shape: number): Distribution {
  if (!(shape > 1)) throw new RangeError(`Cannot make a Pareto distribution of shape ${shape}: it has no mean. Give a shape above 1.`);
  const least = positive("mean", mean) * (1 - 1 / shape);
  return { mean, draw: (random) => least * exp(-ln(aboveZero(random)) / shape) };
}

/** Shape below 1: the longer it lasted, the longer it will last (negative aging), as web sessions do; 1 is exponential. */
export function weibull(mean: number, shape: number): Distribution {
  const scale = positive("mean", mean) / gamma(1 + 1 / positive("shape", shape));
  return {
    mean,
    draw: (random) => {
      const u = aboveZero(random);
      return u === 1 ? 0 : scale * exp(ln(-ln(u)) / shape);
    },
  };
}

export function mixture(parts: readonly Share[]): Distribution {
  const total = parts.reduce((sum, { share }) => sum + positive("share", share), 0);
  const last = parts.at(-1);
  if (last === undefined) throw new RangeError("Cannot mix no distributions. Give at least one.");
  const mean = parts.reduce((sum, { share, of }) => sum + (share / total) * of.mean, 0);
  return {
    mean,
    draw: (random) => {
      let left = random.next() * total;
      const part = parts.find(({ share }) => (left -= share) < 0) ?? last;
      return part.of.draw(random);
    },
  };
}

/** A mixture of exponentials: many short, few long. */
export function hyperexponential(parts: readonly { readonly share: number; readonly mean: number }[]): Distribution {
  return mixture(parts.map(({ share, mean }) => ({ share, of: exponential(mean) })));
}

/** Above 0, at most 1: has a logarithm. */
function aboveZero(random: SeededRandom): number {
  return 1 - random.next();
}

/** Mean 0, variance 1, by Marsaglia's polar method: no sine, which is not the same on every machine. */
function normal(random: SeededRandom): number {
  for (;;) {
    const x = 2 * random.next() - 1;
    const y = 2 * random.next() - 1;
    const square = x * x + y * y;
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * ln(square)) / square);
  }
}

function positive(name: string, value: number): number {
  if (!(value > 0 && value < Infinity)) throw new RangeError(`Cannot make a distribution with ${name} ${value}: it must be positive and finite.`);
  return value;
}
