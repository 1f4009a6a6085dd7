import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../scheduler/seeded-random.ts";
import { exponential } from "../distributions.ts";
import type { Estimate } from "./estimate.ts";
import { herdTime } from "./herd.ts";
import { leastExpectedFinish } from "./placement-rules.ts";
import { PoissonCounts } from "./poisson.ts";
import { stepsPerTime } from "./queueing-chain.ts";
import { timeInSystem } from "./queueing-run.ts";
import { centralQueueTime, supermarketTime } from "./queueing-formulas.ts";
import { RankedQueues } from "./ranked-queues.ts";

/** Within four standard errors of both. */
function expectSame(a: Estimate, b: Estimate): void {
  expect(Math.abs(a.mean - b.mean), `${a.mean} and ${b.mean}`).toBeLessThan(4 * Math.hypot(a.standardError, b.standardError));
}

describe("supermarketTime and centralQueueTime", () => {
  it("are what is known without them: M/M/1 and M/M/2", () => {
    expect(supermarketTime(0.75, 1)).toBe(4);
    expect(centralQueueTime(0.75, 1)).toBeCloseTo(4, 12);
    expect(centralQueueTime(0.6, 2)).toBeCloseTo(1 / (1 - 0.36), 12);
  });
});

describe("leastExpectedFinish", () => {
  it("the shipped policy joins a shortest queue each time, so that the fast rule stands for it", () => {
    const random = new SeededRandom(4);
    const queues = new RankedQueues(20);
    const choose = leastExpectedFinish(queues, random);
    for (let step = 0; step < 20_000; step++) {
      const drawn = random.next() * 1.99 - 0.99;
      if (drawn >= 0) { queues.leave(queues.queueAt(Math.floor(drawn * 20))); continue; }
      const chosen = choose();
      expect(queues.lengthOf(chosen)).toBe(queues.lengthOf(queues.queueAt(0)));
      queues.join(chosen);
    }
    expect(queues.tasks).toBeGreaterThan(10);
  });
});

describe("PoissonCounts", () => {
  it("draw: mean and variance are what they should be, below, at and above the tabled part", () => {
    for (const mean of [0.3, 5, 37.5, 1_234]) {
      const counts = new PoissonCounts(5, new SeededRandom(2));
      const drawn = Array.from({ length: 20_000 }, () => counts.draw(mean));
      const average = drawn.reduce((sum, count) => sum + count, 0) / drawn.length;
      const variance = drawn.reduce((sum, count) => sum + (count - average) ** 2, 0) / drawn.length;
      expect(Math.abs(average - mean)).toBeLessThan(4 * Math.sqrt(mean / drawn.length));
      // The variance of a Poisson count's variance is (mean + 2 mean²) / n.
      expect(Math.abs(variance - mean)).toBeLessThan(4 * Math.sqrt((mean + 2 * mean ** 2) / drawn.length));
    }
  });
});

describe("herdTime", () => {
  it("board by board is the same as step by step, where queues run empty and where they do not", () => {
    const [servers, load] = [10, 0.8];
    for (const boardTime of [0.5, 5]) {
      const byBoards = herdTime({ servers, load, boardTime, random: new SeededRandom(1), warmUp: 2_000, batchTime: 2_000, batches: 20 });
      const bySteps = timeInSystem({ servers, load, warmUp: 2_000, batchTime: 2_000, batches: 20 }, new SeededRandom(2), (queues, random) => {
        let shortest: number[] = [];
        let left = 0;
        const untilStep = exponential(1 / stepsPerTime(servers, load));
        const beforeStep = () => {
          left -= untilStep.draw(random);
          if (left > 0) return;
          while (left <= 0) left += boardTime;
          const all = Array.from({ length: servers }, (_, queue) => queue);
          const least = Math.min(...all.map((queue) => queues.lengthOf(queue)));
          shortest = all.filter((queue) => queues.lengthOf(queue) === least);
        };
        return { beforeStep, choose: () => shortest[random.below(shortest.length)] ?? 0 };
      });
      expectSame(byBoards, bySteps);
    }
  });
});
