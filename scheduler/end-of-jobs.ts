import type { ComputeServer } from "./compute-server.ts";
import { planCopies, type CopyPlan } from "./copying.ts";
import { CriticalBatches } from "./critical-batches.ts";
import type { Settings } from "./options.ts";
import type { UsableServers } from "./retries.ts";
import { planHelp, type HelpPlan } from "./stragglers.ts";

/** The end of jobs is planned at most this often: a plan looks at every Compute Server. */
const PLAN_EVERY_MS = 100;

/** When and what Compute Servers run of what others run already, so that no job ends late. */
export class EndOfJobs {
  readonly #settings: Settings;
  readonly #critical = new CriticalBatches();
  #plannedAtMs = -Infinity;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** What idle ones do for the last tasks. */
  plan(servers: Iterable<ComputeServer>, usable: UsableServers, nowMs: number): HelpPlan {
    if (nowMs < this.#plannedAtMs + PLAN_EVERY_MS) return { askBack: [], copies: [], nextMs: this.#plannedAtMs + PLAN_EVERY_MS };
    this.#plannedAtMs = nowMs;
    const plan = planHelp(servers, usable, nowMs, this.#settings);
    for (const batch of plan.askBack) batch.askedBack = true;
    return plan;
  }

  /** What a job's end would wait for goes to fast Compute Servers while they are still busy with all that waits of it. */
  critical(server: ComputeServer, servers: Iterable<ComputeServer>, totalSpeed: number, usable: UsableServers, nowMs: number): readonly CopyPlan[] {
    const saved = this.#critical.savedBy(server, servers, totalSpeed, nowMs);
    return saved.length === 0 ? [] : planCopies(saved, [server], () => 1, usable, nowMs, this.#settings).copies;
  }
}
