import { LIMITS } from "../protocol/limits.ts";
import type { LoadBalancerChoice } from "./load-balancer-choice.ts";
import { DEFAULT_PLACEMENT, type PlacementName } from "./placement/policies.ts";

/** Where nothing is known of the volunteers, one in five is taken for a saboteur. */
export const DEFAULT_SABOTEUR_SHARE = 0.2;

/** How a scheduler is set. Everything has a default. */
export interface SchedulerOptions {
  readonly seed?: number;
  /** No Compute Server is granted more. Infinity: as it asks. */
  readonly maxLeaseMs?: number;
  /** No Load Balancer is granted more. Infinity: as it asks. */
  readonly maxLoadBalancerLeaseMs?: number;
  /** A batch is cut to be worth about this much time of a slot. */
  readonly batchTargetMs?: number;
  /** A batch never holds more tasks. */
  readonly maxBatchTasks?: number;
  /** Tasks a slot in the first batch of a job on a Compute Server, when nothing is measured yet. */
  readonly probeTasks?: number;
  /** Idle Compute Servers help with the last tasks: what has not begun moves to them, what is late is copied. On by default. */
  readonly help?: boolean;
  readonly loadBalancerChoice?: LoadBalancerChoice;
  /** Parts of the slot time that owners get, against each other; who is not named has 1. */
  readonly ownerWeights?: ReadonlyMap<string, number>;
  /** The part of all volunteers that is taken for saboteurs, where answers are verified by credibility. */
  readonly saboteurShare?: number;
  /** Slots that tasks of one owner take at one time. Infinity: any number. */
  readonly slotsPerOwner?: number;
  /** The policy of jobs that ask for none. */
  readonly placement?: PlacementName;
}

export type Settings = Required<SchedulerOptions>;

export function settingsOf(options: SchedulerOptions): Settings {
  return {
    seed: options.seed ?? 1,
    maxLeaseMs: options.maxLeaseMs ?? Infinity,
    maxLoadBalancerLeaseMs: options.maxLoadBalancerLeaseMs ?? Infinity,
    batchTargetMs: options.batchTargetMs ?? 1000,
    maxBatchTasks: Math.min(options.maxBatchTasks ?? LIMITS.batchTasks, LIMITS.batchTasks),
    probeTasks: options.probeTasks ?? 1,
    help: options.help ?? true,
    loadBalancerChoice: options.loadBalancerChoice ?? "first-found",
    ownerWeights: options.ownerWeights ?? new Map<string, number>(),
    saboteurShare: options.saboteurShare ?? DEFAULT_SABOTEUR_SHARE,
    slotsPerOwner: options.slotsPerOwner ?? Infinity,
    placement: options.placement ?? DEFAULT_PLACEMENT,
  };
}
