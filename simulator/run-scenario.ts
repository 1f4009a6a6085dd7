import type { SchedulerOptions } from "../scheduler/options.ts";
import { populate } from "./population.ts";
import { RuleWatch } from "./rules.ts";
import type { Scenario } from "./scenarios.ts";
import type { SimulatedJob } from "./simulated-job.ts";
import { ScenarioWatch } from "./scenario-watch.ts";
import type { Timeline } from "./timeline.ts";
import { World } from "./world.ts";

/** Until all are registered. */
const WARM_UP_MS = 1_000;
const MAX_RUN_MS = 100 * 3_600_000;

export interface ScenarioOptions extends SchedulerOptions {
  readonly seed: number;
  /** Ask after every event whether the rules hold: the default. */
  readonly unchecked?: boolean;
}

/** Shares of their slot time that Compute Servers worked; `low` and `high` are the first and last decile. */
interface Utilisation {
  readonly min: number;
  readonly low: number;
  readonly median: number;
  readonly high: number;
  readonly max: number;
}

/** What a run came to. Times in virtual ms. */
export interface ScenarioResult {
  readonly makespanMs: number;
  /** No schedule can be shorter: all work over all that was there, and the longest task on the fastest server. */
  readonly boundMs: number;
  readonly utilisation: Utilisation;
  /** Work done beyond what was accepted, as a share of that. */
  readonly wasted: number;
  readonly dispatches: number;
  /** Tasks assigned beyond the first time, as a share of all. */
  readonly assignedAgain: number;
  /** From submission to end, mean over the jobs waited for. */
  readonly meanTimeInSystemMs: number;
  /** From submission to the first batch, the longest over the jobs waited for. */
  readonly longestFirstWaitMs: number;
  /** Jain's index over the owners' slot time while more than one had tasks waiting; 1 is even. */
  readonly fairness: number;
  /** The estimate of the time left when half the tasks were done, over what it was; null for jobs too short to ask. */
  readonly estimateAtHalf: number | null;
  readonly wrongAccepted: number;
  readonly events: number;
  readonly traceHash: string;
  readonly timeline: Timeline;
  readonly endMs: number;
}

/** Runs a scenario to its end. Throws where a rule does not hold, or where it does not end. */
export function runScenario(scenario: Scenario, options: ScenarioOptions): ScenarioResult {
  const { seed, unchecked = false, ...settings } = options;
  const world = new World(seed, settings);
  const watch = new ScenarioWatch(world, unchecked ? null : new RuleWatch(world));
  world.observer = watch;
  if (scenario.trouble === undefined) world.startLoadBalancer();
  else scenario.trouble(world);
  populate(world, scenario.population);
  world.run(WARM_UP_MS);
  const beganAtMs = world.nowMs;
  scenario.submit(world);
  const isWaitedFor = ({ spec }: SimulatedJob) => scenario.endless?.(spec.owner) !== true;
  const lastArrivalMs = scenario.arriveForMs ?? 0;
  world.run(MAX_RUN_MS, () => world.nowMs >= beganAtMs + lastArrivalMs && world.jobs.every((job) => job.hasEnded || !isWaitedFor(job)));
  return watch.result(beganAtMs, world.jobs.filter(isWaitedFor));
}
