import type { SeededRandom } from "../../scheduler/seeded-random.ts";
import type { SaboteurRun } from "./saboteur-run.ts";

export interface PublishedSetting {
  readonly tasks: number;
  readonly servers: number;
  readonly saboteurShare: number;
  /** Of a saboteur's answers, each by chance. All lies to a task are equal. */
  readonly lieShare: number;
  readonly spotCheckRate: number;
  readonly errorRate: number;
  /** Who is caught never comes back. Otherwise it does at once, and nothing is known of it. */
  readonly blacklisting: boolean;
}

interface Worker {
  readonly lies: boolean;
  checks: number;
  /** Tasks that have a vote of it. */
  readonly voted: Set<Task>;
}

interface Task {
  readonly votes: Map<Worker, boolean>;
  accepted: "right" | "wrong" | undefined;
}

/**
 * Credibility-based fault tolerance as Sarmenta published it (2002, sections 4 and 5): workers ask at random; with
 * probability q they get a spot-check, else the next task in turn that is not accepted and that they have not voted on. A
 * task is accepted where the credibility of a group of equal votes reaches 1 − ε. Who fails a check is caught: all its
 * votes are void, and what was accepted by them is open again until the job ends (backtracking).
 */
export class PublishedCredibility {
  readonly #setting: PublishedSetting;
  readonly #random: SeededRandom;
  readonly #tasks: readonly Task[];
  #workers: Worker[];
  #turn = 0;
  #accepted = 0;
  #runs = 0;

  constructor(setting: PublishedSetting, random: SeededRandom) {
    this.#setting = setting;
    this.#random = random;
    this.#tasks = Array.from({ length: setting.tasks }, () => ({ votes: new Map(), accepted: undefined }));
    this.#workers = Array.from({ length: setting.servers }, (_, i) => newcomer(i < setting.saboteurShare * setting.servers));
  }

  run(): SaboteurRun {
    const { tasks, spotCheckRate } = this.#setting;
    while (this.#accepted < tasks) {
      const worker = this.#workers[this.#random.below(this.#workers.length)];
      if (worker === undefined) throw new Error("Cannot go on: all workers are caught");
      if (this.#random.next() < spotCheckRate) this.#spotCheck(worker);
      else this.#vote(worker);
    }
    return { error: this.#tasks.filter(({ accepted }) => accepted === "wrong").length / tasks, work: this.#runs / tasks };
  }

  #spotCheck(worker: Worker): void {
    this.#runs++;
    if (this.#lies(worker)) return this.#catch(worker);
    worker.checks++;
    for (const task of worker.voted) this.#judge(task);
  }

  #vote(worker: Worker): void {
    const task = this.#nextFor(worker);
    if (task === undefined) return;
    this.#runs++;
    task.votes.set(worker, this.#lies(worker));
    worker.voted.add(task);
    this.#judge(task);
  }

  #lies({ lies }: Worker): boolean {
    return lies && this.#random.next() < this.#setting.lieShare;
  }

  #nextFor(worker: Worker): Task | undefined {
    for (let looked = 0; looked < this.#tasks.length; looked++) {
      const task = this.#tasks[this.#turn];
      this.#turn = (this.#turn + 1) % this.#tasks.length;
      if (task !== undefined && task.accepted === undefined && !worker.voted.has(task)) return task;
    }
    return undefined;
  }

  #catch(worker: Worker): void {
    this.#workers = this.#workers.filter((other) => other !== worker);
    if (!this.#setting.blacklisting) this.#workers.push(newcomer(worker.lies));
    for (const task of worker.voted) {
      task.votes.delete(worker);
      if (task.accepted !== undefined) this.#accepted--;
      task.accepted = undefined;
      this.#judge(task);
    }
  }

  /** Cr of a group: P(it is good) · Π P(all others are bad), over that of everything that can be. */
  #judge(task: Task): void {
    if (task.accepted !== undefined || task.votes.size === 0) return;
    const good = { right: 1, wrong: 1 };
    const bad = { right: 1, wrong: 1 };
    const given = { right: false, wrong: false };
    for (const [worker, isLie] of task.votes) {
      const group = isLie ? "wrong" : "right";
      const credibility = this.#credibility(worker);
      good[group] *= credibility;
      bad[group] *= 1 - credibility;
      given[group] = true;
    }
    const right = given.right ? good.right * bad.wrong : 0;
    const wrong = given.wrong ? good.wrong * bad.right : 0;
    const all = bad.right * bad.wrong + right + wrong;
    const enough = (1 - this.#setting.errorRate) * all;
    if (right < enough && wrong < enough) return;
    task.accepted = right >= enough ? "right" : "wrong";
    this.#accepted++;
  }

  #credibility({ checks }: Worker): number {
    const { saboteurShare: f, blacklisting } = this.#setting;
    if (checks === 0) return 1 - f;
    return blacklisting ? 1 - f / (1 - f) / (checks * Math.E) : 1 - f / checks;
  }
}

function newcomer(lies: boolean): Worker {
  return { lies, checks: 0, voted: new Set() };
}
