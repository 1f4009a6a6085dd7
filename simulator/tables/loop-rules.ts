import { batchSize } from "../../scheduler/batch-sizing.ts";

/** How a loop of tasks is cut into chunks for equal servers that ask for more as they go: the sizes, in order. */
type LoopRule = (tasks: number, servers: number) => readonly number[];

/** Guided self-scheduling (Polychronopoulos and Kuck): ⌈R/P⌉ of what remains. */
export const guided: LoopRule = (tasks, servers) => cut(tasks, (left) => Math.ceil(left / servers));

/** Factoring (Hummel, Schonberg, Flynn): rounds of P chunks of ⌈R/2P⌉, R taken at the round's start. */
export const factoring: LoopRule = (tasks, servers) => byRounds(tasks, servers, (left) => Math.ceil(left / (2 * servers)));

/** Trapezoid self-scheduling (Tzen and Ni): from N/2P down to 1 in equal steps, each chunk rounded down. */
export const trapezoid: LoopRule = (tasks, servers) => {
  const first = tasks / (2 * servers);
  const steps = Math.ceil((2 * tasks) / (first + 1)) - 1;
  let step = 0;
  return cut(tasks, () => Math.floor(first - (step++ * (first - 1)) / steps));
};

/** What ships, with a share a round: this is factoring, and with unequal `speedShare`s weighted factoring. */
export const shippedByRounds: LoopRule = (tasks, servers) => byRounds(tasks, servers, (left) => shippedSize(left, servers));

/** What ships, as it is used: a share a batch, so that sizes fall more smoothly, at the price of a few more batches. */
export const shippedByBatch: LoopRule = (tasks, servers) => cut(tasks, (left) => shippedSize(left, servers));

/** Of the shipped rule only the end of a job is asked for: neither time nor trust bounds the batch. */
function shippedSize(waitingTasks: number, servers: number): number {
  return batchSize({
    profile: { taskMs: 0, largestBatch: waitingTasks, timed: true }, waitingTasks, speedShare: 1 / servers,
    laneSlots: 1, batchTargetMs: 1_000, maxBatchTasks: waitingTasks, probeTasks: 1,
  });
}

function byRounds(tasks: number, servers: number, size: (left: number) => number): readonly number[] {
  let inRound = 0;
  let chunk = 0;
  return cut(tasks, (left) => {
    if (inRound++ % servers === 0) chunk = size(left);
    return chunk;
  });
}

function cut(tasks: number, size: (left: number) => number): readonly number[] {
  const sizes: number[] = [];
  for (let left = tasks; left > 0; left -= sizes.at(-1) ?? left) sizes.push(Math.max(1, Math.min(left, size(left))));
  return sizes;
}
