import type { SeededRandom } from "../../scheduler/seeded-random.ts";
import { controlledMean, scaled, type Estimate } from "./estimate.ts";
import { stepsPerTime, type RunLength } from "./queueing-chain.ts";

/**
 * Mean time in system of one queue in front of n servers, simulated, in mean service times. The number of tasks is a random
 * walk that forgets slowly, so its plain mean is poor; two things that are known of it make it better:
 * - the square of the number that wait changes by nought in the long mean. That change, as a function of the state, is
 *   taken in the measure in which it cancels the number that wait (Henderson and Glynn 2002);
 * - the mean number of busy servers is load · n: a control variate.
 */
export function centralQueueSimulated(servers: number, load: number, length: RunLength, random: SeededRandom): Estimate {
  const run = birthAndDeath(servers, load, random);
  const perTime = stepsPerTime(servers, load);
  run(Math.round(length.warmUp * perTime));
  const batches = Array.from({ length: length.batches }, () => run(Math.round(length.batchTime * perTime)));
  const tasks = batches.map(({ occupied, waiting, someWait, allBusy }) => {
    // With w waiting: load·n·(2w + 1) up and, where w > 0, n·(1 − 2w) down.
    const changeOfSquare = load * servers * (2 * waiting + allBusy) + servers * (someWait - 2 * waiting);
    return occupied + waiting + changeOfSquare / (2 * servers * (1 - load));
  });
  const busy = { batches: batches.map(({ occupied }) => occupied), trueMean: load * servers };
  return scaled(controlledMean(tasks, [busy]), 1 / (load * servers));
}

/** Means over a number of steps: busy servers, waiting tasks, and the shares of time in which some wait and all servers are busy. */
function birthAndDeath(servers: number, load: number, random: SeededRandom) {
  let tasks = 0;
  return (steps: number) => {
    let occupied = 0;
    let waiting = 0;
    let someWait = 0;
    let allBusy = 0;
    for (let step = 0; step < steps; step++) {
      const drawn = random.next() * (1 + load) - load;
      if (drawn < 0) tasks++;
      else if (drawn * servers < tasks) tasks--;
      if (tasks < servers) {
        occupied += tasks;
      } else {
        occupied += servers;
        allBusy++;
        waiting += tasks - servers;
        if (tasks > servers) someWait++;
      }
    }
    return { occupied: occupied / steps, waiting: waiting / steps, someWait: someWait / steps, allBusy: allBusy / steps };
  };
}
