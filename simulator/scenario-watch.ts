import { countIndexes } from "../protocol/index-range.ts";
import type { Command } from "../scheduler/command.ts";
import type { SchedulerEvent } from "../scheduler/event.ts";
import type { RuleWatch } from "./rules.ts";
import type { ScenarioResult } from "./run-scenario.ts";
import type { SimulatedJob } from "./simulated-job.ts";
import type { SimulatedServer } from "./simulated-server.ts";
import { Timeline } from "./timeline.ts";
import type { Observer, World } from "./world.ts";

/** Shorter visits say nothing about utilisation. */
const LEAST_PRESENT_MS = 30_000;
/** Of a job with fewer tasks no estimate is asked. */
const ESTIMATE_FROM_TASKS = 1_000;

/** Counts what a result tells of, and asks after the rules. */
export class ScenarioWatch implements Observer {
  readonly #world: World;
  readonly #rules: RuleWatch | null;
  readonly #timeline = new Timeline();
  /** While more than one owner had tasks waiting. */
  readonly #sharedMsByOwner = new Map<string, number>();
  readonly #firstAssignedMs = new Map<SimulatedJob, number>();
  readonly #estimates = new Map<SimulatedJob, { readonly atMs: number; readonly etaMs: number }>();
  #dispatches = 0;
  #assignedTasks = 0;

  constructor(world: World, rules: RuleWatch | null) {
    this.#world = world;
    this.#rules = rules;
  }

  busy(server: SimulatedServer, fromMs: number, toMs: number): void {
    this.#timeline.busy(server, fromMs, toMs);
  }

  presenceChanged(server: SimulatedServer): void {
    this.#timeline.presenceChanged(server, this.#world.nowMs);
  }

  commanded(event: SchedulerEvent, commands: readonly Command[]): void {
    this.#rules?.commanded(event, commands);
    for (const command of commands) {
      if (command.type !== "assign") continue;
      this.#dispatches++;
      this.#assignedTasks += countIndexes(command.ranges);
      const job = this.#world.jobOf(command.jobId);
      if (!this.#firstAssignedMs.has(job)) this.#firstAssignedMs.set(job, this.#world.nowMs);
    }
    if (event.type === "outcomes") this.#counted(event);
  }

  result(beganAtMs: number, jobs: readonly SimulatedJob[]): ScenarioResult {
    const { nowMs, events, traceHash } = this.#world;
    const works = this.#world.jobs.map((job) => ({ job, ...(jobs.includes(job) ? job.work() : { totalMs: 0, longestMs: 0 }) }));
    const totalMs = works.reduce((sum, work) => sum + work.totalMs, 0);
    const longestMs = works.reduce((longest, work) => Math.max(longest, work.longestMs), 0);
    const fastest = Math.max(...this.#world.servers.map(({ speed }) => speed));
    const endMs = Math.max(...jobs.map(({ endedAtMs }) => endedAtMs));
    const utilisations = this.#timeline.utilisations(LEAST_PRESENT_MS, nowMs);
    const quantile = (share: number) => utilisations[Math.round(share * (utilisations.length - 1))] ?? 0;
    const tasks = jobs.reduce((sum, { spec }) => sum + spec.tasks, 0);
    return {
      makespanMs: endMs - beganAtMs,
      boundMs: Math.max(this.#timeline.capacityReachesMs(totalMs, beganAtMs, nowMs) - beganAtMs, longestMs / fastest),
      utilisation: { min: quantile(0), low: quantile(0.1), median: quantile(0.5), high: quantile(0.9), max: quantile(1) },
      wasted: this.#timeline.workMs / totalMs - 1,
      dispatches: this.#dispatches,
      assignedAgain: this.#assignedTasks / tasks - 1,
      meanTimeInSystemMs: jobs.reduce((sum, { endedAtMs, submittedAtMs }) => sum + endedAtMs - submittedAtMs, 0) / jobs.length,
      longestFirstWaitMs: Math.max(...jobs.map((job) => (this.#firstAssignedMs.get(job) ?? Infinity) - job.submittedAtMs)),
      fairness: jainsIndex([...this.#sharedMsByOwner.values()]),
      estimateAtHalf: this.#estimateAtHalf(jobs),
      wrongAccepted: jobs.reduce((sum, { wrongAccepted }) => sum + wrongAccepted, 0),
      events,
      traceHash: traceHash.toString(16).padStart(8, "0"),
      timeline: this.#timeline,
      endMs: nowMs,
    };
  }

  #counted(event: SchedulerEvent & { readonly type: "outcomes" }): void {
    const job = this.#world.jobOf(event.jobId);
    const { scheduler, nowMs } = this.#world;
    if (!this.#estimates.has(job) && job.spec.tasks >= ESTIMATE_FROM_TASKS && job.accepted.count >= job.spec.tasks / 2) {
      this.#estimates.set(job, { atMs: nowMs, etaMs: scheduler.job(event.jobId, nowMs)?.etaMs ?? 0 });
    }
    const waiting = new Set<string>();
    for (const { spec, hasEnded } of this.#world.jobs) if (!hasEnded && (scheduler.job(spec.jobId, nowMs)?.pending ?? 0) > 0) waiting.add(spec.owner);
    if (waiting.size < 2 || !waiting.has(job.spec.owner)) return;
    this.#sharedMsByOwner.set(job.spec.owner, (this.#sharedMsByOwner.get(job.spec.owner) ?? 0) + event.busyMs);
  }

  /** The one that is farthest off. */
  #estimateAtHalf(jobs: readonly SimulatedJob[]): number | null {
    let worst: number | null = null;
    for (const job of jobs) {
      const estimate = this.#estimates.get(job);
      if (estimate === undefined) continue;
      const ratio = estimate.etaMs / (job.endedAtMs - estimate.atMs);
      if (worst === null || Math.abs(ratio - 1) > Math.abs(worst - 1)) worst = ratio;
    }
    return worst;
  }
}

/** (Σx)² / (n Σx²): 1 where all have the same, 1/n where one has all (Jain, Chiu, Hawe 1984). */
function jainsIndex(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  return squares === 0 ? 1 : (sum * sum) / (values.length * squares);
}
