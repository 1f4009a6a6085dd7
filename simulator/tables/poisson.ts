import type { SeededRandom } from "../../scheduler/seeded-random.ts";
import { exp } from "../portable-math.ts";

/** Counts of a Poisson process over any time, drawn by parts of one length whose distribution is tabled. */
export class PoissonCounts {
  readonly #partMean: number;
  readonly #random: SeededRandom;
  /** At k: the probability of at most k. */
  readonly #cumulative: readonly number[];

  constructor(partMean: number, random: SeededRandom) {
    this.#partMean = partMean;
    this.#random = random;
    const cumulative: number[] = [];
    let probability = exp(-partMean);
    let sum = probability;
    // 32 random bits see nothing of what is rarer.
    for (let k = 1; sum < 1 - 1e-12; k++) {
      cumulative.push(sum);
      probability *= partMean / k;
      sum += probability;
    }
    this.#cumulative = cumulative;
  }

  /** A count of this mean. */
  draw(mean: number): number {
    const parts = Math.floor(mean / this.#partMean);
    let count = this.#below(exp(-(mean - parts * this.#partMean)));
    for (let part = 0; part < parts; part++) count += this.#fromTable();
    return count;
  }

  /** How many uniform numbers it takes until their product is below the limit, less one (Knuth). */
  #below(limit: number): number {
    let count = 0;
    for (let product = 1 - this.#random.next(); product > limit; product *= 1 - this.#random.next()) count++;
    return count;
  }

  #fromTable(): number {
    const drawn = this.#random.next();
    let low = 0;
    let high = this.#cumulative.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#cumulative[middle] ?? 1) <= drawn) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
