import { computeServerIdSchema } from "../../protocol/ids.ts";
import type { ComputeServerId } from "../../protocol/ids.ts";
import { SeededRandom } from "../../scheduler/seeded-random.ts";
import { JobVerification } from "../../scheduler/verification/job-verification.ts";
import type { Answerer } from "../../scheduler/verification/voter.ts";
import type { Attack } from "./attacks.ts";
import { Conspiracy, type Said } from "./conspiracy.ts";
import type { SaboteurRun } from "./saboteur-run.ts";

export interface SabotageSetting {
  readonly tasks: number;
  readonly servers: number;
  readonly saboteurShare: number;
  readonly errorRate: number;
  /** What verification takes the share of saboteurs for; left out: for what it is. */
  readonly assumedShare?: number;
  readonly attack: Attack;
  /** Of what the attack leaves to chance. */
  readonly lieShare: number;
}

export interface SabotageRun extends SaboteurRun {
  /** Names, of saboteurs and of honest servers. */
  readonly caught: number;
  readonly framed: number;
  /** Tasks on which no answer won. */
  readonly failed: number;
}

/** A task waits so long for an answer from behind another address; a server asks once a millisecond among all. */
const PATIENCE_MS = 2_000;
/** In a row that found nothing to do: more, and nothing will ever be. */
const IDLE_ROUNDS = 50;
const WRONG: Said = "wrong";

/** Who is there at one place: under one name after the other, if it changes that. */
interface Server extends Answerer {
  readonly lies: boolean;
  readonly place: number;
  answered: number;
}

/**
 * One job under the project's own verification (scheduler/verification), without the rest of the scheduler: servers drawn
 * at random ask for a task. They get one that wants another answer, if they may audit already, else a new one. What is accepted is final.
 */
export class JobAmongSaboteurs {
  readonly #setting: SabotageSetting;
  readonly #random: SeededRandom;
  readonly #verification: JobVerification;
  readonly #servers: (Server | undefined)[];
  readonly #byId = new Map<ComputeServerId, Server>();
  /** New tasks, the next one last; tasks of whom was caught come again. */
  readonly #waiting: number[];
  readonly #accepted = new Set<number>();
  readonly #conspiracy: Conspiracy;
  #names = 0;
  #runs = 0;
  #wrong = 0;
  #caught = 0;
  #framed = 0;
  #failed = 0;
  #nowMs = 0;

  constructor(setting: SabotageSetting, random: SeededRandom) {
    this.#setting = setting;
    this.#random = random;
    const { tasks, servers, saboteurShare, assumedShare = saboteurShare, errorRate } = setting;
    this.#verification = new JobVerification({
      evidence: { kind: "credibility", errorRate, saboteurShare: assumedShare }, sameEngine: false, patienceMs: PATIENCE_MS,
      random: new SeededRandom(random.below(2 ** 32)),
    });
    this.#conspiracy = new Conspiracy(setting.attack, setting.lieShare, tasks, random);
    this.#waiting = Array.from({ length: tasks }, (_, i) => tasks - 1 - i);
    this.#servers = Array.from({ length: servers }, (_, place) => this.#arrive(place, place < saboteurShare * servers));
  }

  run(): SabotageRun {
    const { tasks, servers } = this.#setting;
    let idle = 0;
    while (this.#accepted.size + this.#failed < tasks) {
      this.#nowMs++;
      const server = this.#servers[this.#random.below(servers)];
      const index = server === undefined ? undefined : this.#nextFor(server);
      if (server !== undefined && index !== undefined) this.#answer(server, index);
      idle = index === undefined ? idle + 1 : 0;
      if (idle > IDLE_ROUNDS * servers + PATIENCE_MS) throw new Error(`Cannot go on: ${tasks - this.#accepted.size} tasks are open and nothing is asked of anybody`);
    }
    return { error: this.#wrong / tasks, work: this.#runs / tasks, caught: this.#caught, framed: this.#framed, failed: this.#failed };
  }

  #arrive(place: number, lies: boolean): Server {
    const computeServerId = computeServerIdSchema.parse(`server-${this.#names++}`);
    const { one } = this.#setting.attack;
    const shared = lies ? one : undefined;
    const server: Server = {
      computeServerId, volunteer: shared === "volunteer" ? "one" : computeServerId, network: shared === undefined ? computeServerId : "one",
      engineName: "simulated", vouched: false, lies, place, answered: 0,
    };
    this.#byId.set(computeServerId, server);
    return server;
  }

  #nextFor(server: Server): number | undefined {
    const mayAudit = this.#waiting.length === 0 || this.#verification.mayAudit(server);
    const wanted = mayAudit ? this.#verification.takeWanted(server, this.#nowMs) : undefined;
    if (wanted !== undefined) return wanted;
    const index = this.#waiting.findLast((waiting) => this.#verification.mayAnswer(server, waiting));
    if (index === undefined) {
      this.#verification.closeWindow(server.computeServerId, this.#nowMs);
      if (this.#waiting.length === 0) this.#verification.closeWindows(this.#nowMs);
      this.#follow();
      return this.#verification.takeWanted(server, this.#nowMs);
    }
    this.#waiting.splice(this.#waiting.lastIndexOf(index), 1);
    return index;
  }

  #answer(server: Server, index: number): void {
    const said: Said = server.lies ? this.#conspiracy.says(index, server.answered, this.#verification.isProvisional(index)) : "right";
    server.answered++;
    this.#runs++;
    this.#verification.answer(server, index, said, this.#nowMs);
    this.#follow();
    const { leavesAfter = Infinity } = this.#setting.attack;
    if (server.lies && server.answered >= leavesAfter && this.#servers[server.place] === server) this.#leave(server);
  }

  #leave(server: Server): void {
    this.#verification.closeWindow(server.computeServerId, this.#nowMs);
    this.#servers[server.place] = this.#arrive(server.place, server.lies);
    this.#follow();
  }

  #follow(): void {
    const { accepted, again, differing, caught } = this.#verification.takeVerdicts();
    for (const { index, answer } of accepted) {
      if (this.#accepted.has(index)) throw new Error(`Cannot accept task ${index} twice (R2)`);
      this.#accepted.add(index);
      if (answer === WRONG) this.#wrong++;
    }
    this.#waiting.push(...again);
    this.#failed += differing.length;
    for (const { computeServerId } of caught) this.#expel(computeServerId);
  }

  #expel(id: ComputeServerId): void {
    const server = this.#byId.get(id);
    if (server === undefined) return;
    this.#caught++;
    if (!server.lies) this.#framed++;
    if (this.#servers[server.place] !== server) return;
    const returns = server.lies ? this.#setting.attack.comesBack === true : true;
    this.#servers[server.place] = returns ? this.#arrive(server.place, server.lies) : undefined;
  }
}
