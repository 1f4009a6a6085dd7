import type { BatchId } from "../../protocol/ids.ts";
import type { RunOutcomes, TaskProgress } from "../supervisor/slot-control.ts";
import { indexAt } from "../batch-positions.ts";
import type { BatchQueue, Work } from "./batch-queue.ts";
import type { HubFiles } from "./hub-files.ts";
import type { ProgressSender } from "./progress-sender.ts";
import type { ReportSender } from "./report-sender.ts";
import { SlotRunner, type SlotSurroundings } from "./slot-runner.ts";
import type { Statistics } from "./statistics.ts";

/** A slot that is given up by the volunteer may end what it runs until then. */
const RETIRE_GRACE_MS = 5_000;
/** After a sandbox that did not start, or a file that could not be fetched. */
const TROUBLE_REST_MS = 3_000;

export interface PoolParts {
  readonly files: HubFiles;
  readonly queue: BatchQueue;
  readonly statistics: Statistics;
  readonly sender: ReportSender;
  readonly progress: ProgressSender;
  readonly cpuShare: number;
  readonly openSandbox: SlotSurroundings["openSandbox"];
  readonly closeSandbox: SlotSurroundings["closeSandbox"];
  /** Something that a page shows is different. */
  readonly changed: () => void;
  readonly trouble: (why: string) => void;
  /** A slot that is no more gave this batch back: nobody here will run it. */
  readonly released: (batchId: BatchId) => void;
}

/** The slots of this Compute Server, and which of them takes what work. */
export class SlotPool {
  readonly #parts: PoolParts;
  readonly #runners: SlotRunner[] = [];
  readonly #resting = new Set<SlotRunner>();
  #slots = 0;
  #cpuShare: number;
  #closed = false;

  constructor(parts: PoolParts) {
    this.#parts = parts;
    this.#cpuShare = parts.cpuShare;
  }

  get slots(): number {
    return this.#slots;
  }

  get cpuShare(): number {
    return this.#cpuShare;
  }

  setCpuShare(share: number): void {
    this.#cpuShare = share;
    for (const runner of this.#runners) runner.cpuShare = share;
  }

  /** More slots start at once; of those that are one too many, each ends its work within some seconds, or gives it back. */
  setSlots(slots: number): void {
    this.#slots = slots;
    while (this.#runners.length < slots) this.#runners.push(new SlotRunner(this.#runners.length, this.#cpuShare, this.#surroundings()));
    for (const runner of this.#runners) {
      if (runner.slot < slots) runner.warm();
      else if (runner.work === null) runner.close();
      else this.#retire(runner);
    }
    this.dispatch();
  }

  /** Gives work to idle slots, as long as there is some and the hub keeps up with the results. */
  dispatch(): void {
    if (this.#closed || this.#parts.sender.isFull) return;
    let idle = this.#runners
      .filter((runner) => runner.slot < this.#slots && runner.work === null && !this.#resting.has(runner))
      .toSorted((a, b) => Number(b.hasSpare) - Number(a.hasSpare));
    for (let [first] = idle; first !== undefined; [first] = idle) {
      const work = this.#parts.queue.take(idle.length);
      if (work === undefined) return this.#prepare(idle);
      const runner = idle.find((candidate) => candidate.isReadyFor(work.assign.jobId)) ?? first;
      idle = idle.filter((other) => other !== runner);
      void this.#perform(runner, work);
    }
  }

  /** Stops whatever runs of this batch. */
  interrupt(batchId: BatchId): void {
    for (const runner of this.#runners) if (runner.work?.assign.batchId === batchId) runner.interrupt();
  }

  close(): void {
    this.#closed = true;
    for (const runner of this.#runners) runner.close();
  }

  /**
   * Makes room, and the one sandbox that waits for the next job, so that a short job does not take longer to start than
   * to run. Both wait until the hub has all results: a frame is a process, and to make or end one on a small machine
   * would hold up what somebody waits for.
   */
  #prepare(idle: readonly SlotRunner[]): void {
    if (!this.#parts.sender.isEmpty) return; // the acknowledgement comes by here again
    for (const runner of idle) runner.tidy();
    if (!this.#runners.some(({ hasSpare }) => hasSpare)) idle[0]?.openSpare();
  }

  #retire(runner: SlotRunner): void {
    setTimeout(() => {
      if (runner.slot < this.#slots || this.#closed) return;
      if (runner.work === null) runner.close();
      else runner.interrupt();
    }, RETIRE_GRACE_MS);
  }

  async #perform(runner: SlotRunner, work: Work): Promise<void> {
    const { queue, statistics, progress } = this.#parts;
    const { assign, from } = work;
    const { jobId, jobName, owner, executableId, batchId } = assign;
    statistics.runs({ slot: runner.slot, jobId, jobName, owner, executableId, index: indexAt(assign.ranges, from), sinceMs: Date.now(), fraction: null });
    this.#parts.changed();
    const { unfinished, trouble } = await runner.perform(work);
    statistics.ended(runner.slot);
    progress.ended(runner.slot);
    if (this.#closed) return;
    queue.giveBack(batchId, ...unfinished);
    if (runner.slot >= this.#slots) {
      runner.close();
      if (this.#slots === 0) this.#parts.released(batchId);
    }
    if (trouble !== null) this.#rest(runner, trouble);
    this.#parts.changed();
    this.dispatch();
  }

  #rest(runner: SlotRunner, why: string): void {
    this.#parts.trouble(why);
    this.#resting.add(runner);
    setTimeout(() => {
      this.#resting.delete(runner);
      if (runner.slot < this.#slots && !this.#closed) runner.warm();
      this.dispatch();
    }, TROUBLE_REST_MS);
  }

  #surroundings(): SlotSurroundings {
    const { files, openSandbox, closeSandbox, queue, statistics, sender, progress, changed } = this.#parts;
    return {
      files, openSandbox, closeSandbox,
      outcomes: (work: Work, outcomes: RunOutcomes) => {
        const { batchId } = work.assign;
        if (this.#closed || !queue.has(batchId)) return; // revoked meanwhile: dropped in silence
        statistics.count(outcomes, Date.now());
        queue.reported(batchId, outcomes.failures.length + outcomes.done.reduce((tasks, [from, to]) => tasks + to - from, 0));
        sender.report(work.assign, outcomes, outcomes.ended && queue.waitingTasks === 0);
        changed();
      },
      progress: (slot: number, { assign }: Work, { index, fraction, logs }: TaskProgress) => {
        statistics.progressed(slot, index, fraction, Date.now());
        progress.told(slot, assign.jobId, index, fraction, logs);
        changed();
      },
    };
  }
}
