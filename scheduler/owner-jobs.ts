import type { JobRun } from "./job-run.ts";

/**
 * Of the slot time of an owner whose jobs have several priorities, this part goes to those below the highest, so that
 * none of them waits for ever.
 */
const LOWER_SHARE = 1 / 16;
/** They have a turn when they are owed so much: about a batch. */
const TURN_MS = 1_000;

/** Jobs of one owner with the same priority. */
interface Level {
  readonly priority: number;
  /** Slot time used by each: who has the least is next. */
  readonly usedMs: Map<JobRun, number>;
  /** Those that have tasks waiting, in the order in which they came to wait. */
  readonly ready: Set<JobRun>;
  /** The most that one of them had used when it got a batch. */
  clockMs: number;
  /** When it had its last turn, as a count of turns. */
  servedAt: number;
}

/**
 * The jobs of one owner. The highest priority that has tasks waiting goes first, and jobs of one priority share as
 * owners do. Those below it have `LOWER_SHARE` of the owner's slot time, its levels in turn.
 */
export class OwnerJobs {
  /** Highest priority first. */
  readonly #levels: Level[] = [];
  #size = 0;
  #readyCount = 0;
  #turns = 0;
  /** Slot time that the lower levels are owed. */
  #owedMs = 0;

  get size(): number {
    return this.#size;
  }

  get readyCount(): number {
    return this.#readyCount;
  }

  add(job: JobRun): void {
    const { priority } = job.spec;
    let level = this.#levelOf(job);
    if (level === undefined) {
      level = { priority, usedMs: new Map(), ready: new Set(), clockMs: 0, servedAt: 0 };
      this.#levels.push(level);
      this.#levels.sort((a, b) => b.priority - a.priority);
    }
    level.usedMs.set(job, 0);
    this.#size++;
  }

  remove(job: JobRun): void {
    const level = this.#levelOf(job);
    if (level?.usedMs.delete(job) !== true) return;
    this.#size--;
    if (level.usedMs.size === 0) this.#levels.splice(this.#levels.indexOf(level), 1);
  }

  /** Answers whether that is news. */
  setReady(job: JobRun, ready: boolean, headStartMs: number): boolean {
    const level = this.#levelOf(job);
    const usedMs = level?.usedMs.get(job);
    if (level === undefined || usedMs === undefined || level.ready.has(job) === ready) return false;
    if (ready) {
      level.usedMs.set(job, Math.max(usedMs, nowServedMs(level) - headStartMs));
      level.ready.add(job);
      this.#readyCount++;
    } else {
      level.ready.delete(job);
      this.#readyCount--;
    }
    return true;
  }

  begin(job: JobRun, lagMs: number): void {
    const level = this.#levelOf(job);
    const usedMs = level?.usedMs.get(job);
    if (level === undefined || usedMs === undefined) return;
    level.servedAt = ++this.#turns;
    level.clockMs = Math.max(level.clockMs, usedMs);
    level.usedMs.set(job, Math.max(usedMs, level.clockMs - lagMs));
  }

  /** `mostOwedMs`: lower levels that no Compute Server fits do not save up more. */
  charge(job: JobRun, slotMs: number, mostOwedMs: number): void {
    const level = this.#levelOf(job);
    const usedMs = level?.usedMs.get(job);
    if (level === undefined || usedMs === undefined) return;
    level.usedMs.set(job, usedMs + slotMs);
    if (this.#levels.length === 1) return;
    const [highest, ...lower] = this.#levels.filter(({ ready }) => ready.size > 0);
    if (lower.length === 0) this.#owedMs = 0;
    else if (highest !== undefined && level.priority < highest.priority) this.#owedMs -= slotMs;
    else this.#owedMs = Math.min(mostOwedMs, this.#owedMs + (slotMs * LOWER_SHARE) / (1 - LOWER_SHARE));
  }

  choose(may: (job: JobRun) => boolean): JobRun | undefined {
    if (this.#owedMs >= TURN_MS) {
      const [, ...lower] = this.#levels.filter(({ ready }) => ready.size > 0);
      for (const level of lower.toSorted((a, b) => a.servedAt - b.servedAt)) {
        const job = leastUsed(level, may);
        if (job !== undefined) return job;
      }
    }
    for (const level of this.#levels) {
      const job = leastUsed(level, may);
      if (job !== undefined) return job;
    }
    return undefined;
  }

  /** Whether a Compute Server holds tasks of theirs. */
  isServed(): boolean {
    for (const { usedMs } of this.#levels) for (const job of usedMs.keys()) if (job.batches.size > 0) return true;
    return false;
  }

  precedes(one: JobRun, other: JobRun): boolean {
    if (one.spec.priority !== other.spec.priority) return one.spec.priority > other.spec.priority;
    const level = this.#levelOf(one);
    return (level?.usedMs.get(one) ?? Infinity) <= (level?.usedMs.get(other) ?? 0);
  }

  *ready(): Iterable<JobRun> {
    for (const level of this.#levels) yield* level.ready;
  }

  #levelOf({ spec }: JobRun): Level | undefined {
    return this.#levels.find(({ priority }) => priority === spec.priority);
  }
}

/** What those that are served now have used, the least of them: there begins who comes. */
function nowServedMs({ usedMs, clockMs }: Level): number {
  let leastMs = Infinity;
  for (const [job, ms] of usedMs) if (ms < leastMs && job.batches.size > 0) leastMs = ms;
  return leastMs === Infinity ? clockMs : leastMs;
}

function leastUsed({ ready, usedMs }: Level, may: (job: JobRun) => boolean): JobRun | undefined {
  let best: JobRun | undefined;
  let bestMs = Infinity;
  for (const job of ready) {
    const ms = usedMs.get(job) ?? 0;
    if (ms >= bestMs || !may(job)) continue;
    best = job;
    bestMs = ms;
  }
  return best;
}
