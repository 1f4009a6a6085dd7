import type { SeededRandom } from "../../scheduler/seeded-random.ts";
import type { RankedQueues } from "./ranked-queues.ts";

/** How long a run is, in mean service times. */
export interface RunLength {
  readonly warmUp: number;
  readonly batchTime: number;
  readonly batches: number;
}

interface ChainOptions extends RunLength {
  /** Arrivals for each server in a mean service time. */
  readonly load: number;
  readonly random: SeededRandom;
  /** The queue that the next task joins. */
  readonly choose: () => number;
  /** Called before each step. Steps are a Poisson process of `stepsPerTime`. */
  readonly beforeStep?: () => void;
}

/** Means over the time of a batch. */
interface Batch {
  /** In all queues, those being served included. */
  readonly tasks: number;
  readonly busyServers: number;
  /** Tasks that there would be with one queue in front of all servers. */
  readonly centralTasks: number;
}

/** Steps of the chain in a mean service time. */
export function stepsPerTime(servers: number, load: number): number {
  return servers * (1 + load);
}

/**
 * n servers, each with its queue, Poisson arrivals, exponential service of mean 1, as the uniformised Markov chain: every
 * step is either an arrival or the end of a service at a server drawn from all n, nothing where that server is idle. Steps
 * come at one constant rate, so the mean over steps is the mean over time, and by Little's law the mean time in system is
 * the mean number of tasks over the arrival rate; no clock and no task need be simulated.
 *
 * Beside it runs the central queue M/M/n, coupled: the same arrivals, and its busy servers stand at the same ranks as the
 * longest queues, so that both nearly always lose a task in the same step. Its true mean is known: a control variate.
 */
export function runChain(queues: RankedQueues, options: ChainOptions): readonly Batch[] {
  const perTime = stepsPerTime(queues.count, options.load);
  const run = chainRunner(queues, options);
  run(Math.round(options.warmUp * perTime));
  return Array.from({ length: options.batches }, () => run(Math.round(options.batchTime * perTime)));
}

function chainRunner(queues: RankedQueues, { load, random, choose, beforeStep }: ChainOptions): (steps: number) => Batch {
  const { count } = queues;
  let central = 0;
  return (steps) => {
    let tasks = 0;
    let busyServers = 0;
    let centralTasks = 0;
    for (let step = 0; step < steps; step++) {
      beforeStep?.();
      const drawn = random.next() * (1 + load) - load;
      if (drawn < 0) {
        queues.join(choose());
        central++;
      } else {
        const rank = Math.floor(drawn * count);
        queues.leave(queues.queueAt(rank));
        if (rank >= count - central) central--;
      }
      tasks += queues.tasks;
      busyServers += queues.busy;
      centralTasks += central;
    }
    return { tasks: tasks / steps, busyServers: busyServers / steps, centralTasks: centralTasks / steps };
  };
}
