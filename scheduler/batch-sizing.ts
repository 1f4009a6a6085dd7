import type { TaskProfile } from "./task-timing.ts";

/** A batch is at most this many times the largest that was measured: the first tasks may not be like the others. */
const GROWTH = 4;
/** The same where the tab's clock is too coarse to measure, and only wall time bounds the task time. */
const UNTIMED_GROWTH = 2;
/** Weighted factoring (FAC2, Hummel and others): a round hands out half of what remains. */
const FACTORING = 2;

export interface SizingInput {
  /** Undefined: this job was never measured on this Compute Server. */
  readonly profile: TaskProfile | undefined;
  /** Tasks of the job that no Compute Server holds. */
  readonly waitingTasks: number;
  /** This lane's part of the whole grid's measured speed, above 0 and at most 1. */
  readonly speedShare: number;
  /** Slots that one batch feeds. */
  readonly laneSlots: number;
  readonly batchTargetMs: number;
  readonly maxBatchTasks: number;
  readonly probeTasks: number;
}

/**
 * How many tasks the next batch holds: worth about `batchTargetMs` of each slot it feeds, no larger than the measurement
 * can be trusted, and less towards the end, so that all slots finish together. At least 1.
 */
export function batchSize(input: SizingInput): number {
  const { profile, laneSlots } = input;
  const half = Math.ceil((input.waitingTasks / FACTORING) * input.speedShare);
  const wanted = profile === undefined ? input.probeTasks * laneSlots : Math.min(byTime(profile, input), byTrust(profile), half);
  return Math.max(1, Math.min(wanted, input.maxBatchTasks));
}

function byTime(profile: TaskProfile, input: SizingInput): number {
  return profile.taskMs > 0 ? input.laneSlots * Math.max(1, Math.round(input.batchTargetMs / profile.taskMs)) : Infinity;
}

function byTrust(profile: TaskProfile): number {
  return profile.largestBatch * (profile.timed ? GROWTH : UNTIMED_GROWTH);
}
