import type { Logger } from "pino";
import { GridError } from "../../protocol/grid-error.ts";
import type { ResultsArchive } from "../archive/archive.ts";
import type { Grid } from "../grid/grid.ts";

/** How often it is looked for jobs whose time is over. */
const LOOK_MS = 10 * 60 * 1000;
/** How often files are looked through that nobody may need. */
const SWEEP_MS = 60 * 60 * 1000;
const JOBS_AT_ONCE = 100;
/** Owners hear of it so many days before, or half of a job's time where that is less. */
const WARN_DAYS = 3;

interface RetentionParts {
  readonly archive: ResultsArchive;
  readonly grid: Pick<Grid, "remove" | "onChange">;
  readonly logger: Logger;
  /** Jobs are removed so many days after their end; null: they stay, unless their owner wishes otherwise. */
  readonly keepDays: number | null;
  readonly now?: () => number;
}

/** Removes jobs whose time is over, warns their owners before, and gives the disk back what removed jobs took. */
export class Retention {
  readonly #parts: RetentionParts;
  readonly #unsubscribe: () => void;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #closed = false;
  #sweptAtMs: number;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    // What a crash left is freed at once; of files nobody can tell so soon whether somebody is about to need them.
    this.#sweptAtMs = this.#now();
    this.#unsubscribe = parts.grid.onChange("all", (_jobId, change) => {
      if (change.type === "removed") void this.look();
    });
    void this.look();
  }

  /** Looks now. Settles when all that is due is done. */
  look(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#work().finally(() => { this.#running = undefined; });
    return this.#running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#unsubscribe();
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #work(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      try {
        await this.#lookOnce();
      } catch (error) {
        if (!this.#closed) this.#parts.logger.error({ err: error }, "cannot remove what is due; it is tried again later");
      }
    }
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => void this.look(), LOOK_MS).unref();
  }

  async #lookOnce(): Promise<void> {
    const { archive, logger, keepDays } = this.#parts;
    const nowMs = this.#now();
    const warned = await archive.warnOwners({ keepDays, warnDays: WARN_DAYS }, nowMs);
    if (warned > 0) logger.info({ jobs: warned }, "owners are warned that their jobs will be removed");
    for (let due = await archive.overdueJobs({ keepDays }, nowMs, JOBS_AT_ONCE); due.length > 0 && !this.#closed; due = await archive.overdueJobs({ keepDays }, nowMs, JOBS_AT_ONCE)) {
      for (const jobId of due) await this.#remove(jobId);
    }
    if (this.#closed) return;
    await archive.freeRemoved();
    if (nowMs - this.#sweptAtMs < SWEEP_MS) return;
    this.#sweptAtMs = nowMs;
    const files = await archive.sweep(nowMs);
    if (files > 0) logger.info({ files }, "removed Executables and large values that no job uses");
  }

  async #remove(jobId: Parameters<Grid["remove"]>[0]): Promise<void> {
    try {
      await this.#parts.grid.remove(jobId);
      this.#parts.logger.info({ jobId }, "a job is removed: its time is over");
    } catch (error) {
      // Its owner was faster.
      if (!(error instanceof GridError) || error.kind !== "not-found") throw error;
    }
  }
}
