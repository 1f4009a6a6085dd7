import type { SeededRandom } from "../../scheduler/seeded-random.ts";
import { batchMean, controlledMean, scaled, type Estimate } from "./estimate.ts";
import type { Choose } from "./placement-rules.ts";
import { runChain, type RunLength } from "./queueing-chain.ts";
import { centralQueueTime } from "./queueing-formulas.ts";
import { RankedQueues } from "./ranked-queues.ts";

export interface QueueingRun extends RunLength {
  readonly load: number;
  readonly servers: number;
}

/** A run for a test: a part of the time, in as many batches. */
export function shortened<R extends RunLength>(run: R, part: number): R {
  return { ...run, warmUp: run.warmUp * part, batchTime: run.batchTime * part };
}

/**
 * Mean time in system, in mean service times, from the mean number of tasks. Controls: the mean number of busy servers, which
 * is load · servers whatever the rule, and the tasks of the coupled central queue.
 */
export function timeInSystem(
  run: QueueingRun, random: SeededRandom, rule: (queues: RankedQueues, random: SeededRandom) => { readonly choose: Choose; readonly beforeStep?: () => void },
): Estimate {
  const { load, servers } = run;
  const queues = new RankedQueues(servers);
  const batches = runChain(queues, { ...run, random, ...rule(queues, random) });
  const offered = load * servers;
  const mean = controlledMean(batches.map(({ tasks }) => tasks), [
    { batches: batches.map(({ busyServers }) => busyServers), trueMean: offered },
    { batches: batches.map(({ centralTasks }) => centralTasks), trueMean: centralQueueTime(load, servers) * offered },
  ]);
  return scaled(mean, 1 / offered);
}

/**
 * The same where each task joins a queue at random. Those queues forget slowly: the plain mean at load λ has a relative
 * variance of 2(1 + λ) / (λ(1 − λ)² N) after N tasks, at .99 half a billion tasks for 1 %. But in the long mean the sum of
 * the squared lengths neither grows nor falls, λ(2L + 1) up and 1 − 2L down where a queue of length L is not empty; that
 * makes the mean length (λ + share of busy servers) / (2(1 − λ)), and that share is soon measured. For Poisson arrivals
 * this is the indirect estimator of Minh and Sorli (1983), which measures idle periods.
 */
export function timeAtRandom(run: QueueingRun, random: SeededRandom, rule: (queues: RankedQueues, random: SeededRandom) => Choose): Estimate {
  const { load, servers } = run;
  const queues = new RankedQueues(servers);
  const batches = runChain(queues, { ...run, random, choose: rule(queues, random) });
  return scaled(batchMean(batches.map(({ busyServers }) => (load + busyServers / servers) / (2 * (1 - load)))), 1 / load);
}
