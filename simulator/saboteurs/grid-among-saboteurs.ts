import type { ComputeServerId } from "../../protocol/ids.ts";
import type { Command } from "../../scheduler/command.ts";
import type { SchedulerEvent } from "../../scheduler/event.ts";
import { countIndexes } from "../../protocol/index-range.ts";
import { RuleWatch } from "../rules.ts";
import type { SimulatedJob } from "../simulated-job.ts";
import type { Machine, SimulatedServer } from "../simulated-server.ts";
import { World } from "../world.ts";
import { Conspiracy } from "./conspiracy.ts";
import type { SabotageRun, SabotageSetting } from "./job-among-saboteurs.ts";

export interface GridSetting extends SabotageSetting {
  /** Jobs one after the other; they sabotage the last alone. */
  readonly jobs: number;
  /** They say that a task failed instead of lying on it. */
  readonly byFailures: boolean;
}

const TASK_MS = 1_000;
const LEASE_MS = 30_000;
/** Until who left is back under another name. */
const AWAY_MS = 1_000;
/** A job takes minutes. */
const GIVE_UP_MS = 86_400_000;

/**
 * The whole scheduler in the simulated world (world.ts), with batches, leases, links and copies: tabs of one slot, of which
 * some are saboteurs. All rules are asked after each event.
 */
export class GridAmongSaboteurs {
  readonly #setting: GridSetting;
  readonly #world: World;
  readonly #rules: RuleWatch;
  readonly #conspiracies = new Map<SimulatedJob, Conspiracy>();
  /** Answers of each saboteur under its name, in the job that it sabotages. */
  readonly #answered = new Map<ComputeServerId, number>();
  /** Every name that a saboteur has or had. */
  readonly #saboteurs = new Map<ComputeServerId, SimulatedServer>();
  #target: SimulatedJob | undefined;
  #runs = 0;
  #caught = 0;
  #framed = 0;

  constructor(setting: GridSetting, seed: number) {
    this.#setting = setting;
    const { saboteurShare, assumedShare = saboteurShare, servers } = setting;
    this.#world = new World(seed, { saboteurShare: assumedShare });
    this.#rules = new RuleWatch(this.#world);
    this.#world.observer = {
      commanded: (event, commands) => { this.#commanded(event, commands); },
      busy: () => {},
      presenceChanged: () => {},
    };
    this.#world.startLoadBalancer();
    for (let i = 0; i < servers; i++) {
      const lies = i < saboteurShare * servers;
      const server = this.#world.join(this.#machine(lies));
      if (lies) this.#saboteurs.set(server.id, server);
    }
  }

  run(): SabotageRun {
    const { jobs, tasks, errorRate } = this.#setting;
    for (let job = 0; job < jobs; job++) {
      this.#runs = 0;
      const submitted = this.#world.submit({ tasks, lengthMs: () => TASK_MS, verification: { kind: "credibility", errorRate } });
      if (job === jobs - 1) this.#target = submitted;
      this.#world.run(GIVE_UP_MS, () => submitted.hasEnded);
      if (!submitted.hasEnded) throw new Error(`Cannot go on: the job has not ended after a day, ${submitted.accepted.count} of ${tasks} tasks are accepted`);
    }
    const { wrongAccepted = 0, recorded } = this.#target ?? {};
    return { error: wrongAccepted / tasks, work: this.#runs / tasks, caught: this.#caught, framed: this.#framed, failed: recorded?.count ?? 0 };
  }

  #machine(lies: boolean): Machine {
    const { one } = this.#setting.attack;
    const honest: Machine = { slots: 1, speed: 1, leaseMs: LEASE_MS, lieShare: 0, link: { latencyMs: 20, jitterMs: 20 } };
    if (!lies) return honest;
    return {
      ...honest, saboteur: { says: (server, job, index) => this.#says(server, job, index) },
      ...(one === "volunteer" ? { volunteer: "one" } : {}), ...(one === undefined ? {} : { network: "one" }),
    };
  }

  #says(server: SimulatedServer, job: SimulatedJob, index: number): "right" | "wrong" | "failed" {
    if (job !== this.#target) return "right";
    const { attack, lieShare, tasks, byFailures } = this.#setting;
    let conspiracy = this.#conspiracies.get(job);
    if (conspiracy === undefined) this.#conspiracies.set(job, conspiracy = new Conspiracy(attack, lieShare, tasks, this.#world.random));
    const answered = this.#answered.get(server.id) ?? 0;
    this.#answered.set(server.id, answered + 1);
    if (answered + 1 === attack.leavesAfter) this.#world.later(0, () => { this.#comeBackAsAnother(server); });
    const said = conspiracy.says(index, answered, true);
    return said === "wrong" && byFailures ? "failed" : said;
  }

  #commanded(event: SchedulerEvent, commands: readonly Command[]): void {
    this.#rules.commanded(event, commands);
    if (event.type === "outcomes") this.#runs += countIndexes(event.done) + event.failures.length;
    for (const command of commands) if (command.type === "server-caught") this.#wasCaught(command.computeServerId);
  }

  #wasCaught(id: ComputeServerId): void {
    const saboteur = this.#saboteurs.get(id);
    this.#caught++;
    if (saboteur === undefined) this.#framed++;
    else if (saboteur.id === id && this.#setting.attack.comesBack === true) this.#world.later(0, () => { this.#comeBackAsAnother(saboteur); });
  }

  /** Its account and address stay the same, if they told anything. */
  #comeBackAsAnother(server: SimulatedServer): void {
    if (!server.linked) return;
    server.loseLink(true);
    server.reload();
    this.#world.later(AWAY_MS, () => {
      this.#world.comeBack(server, false);
      this.#saboteurs.set(server.id, server);
    });
  }
}
