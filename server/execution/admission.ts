import type { Owner } from "../../protocol/ids.ts";
import type { OwnerUse, ResultsArchive } from "../archive/archive.ts";
import type { DiskSpace } from "../archive/disk-space.ts";
import { LimitError } from "../limit-error.ts";
import type { OwnerLimits } from "../limits.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const RETRY_SECONDS = 60;

/** What a submission asks for. */
export interface Asked {
  readonly jobs: number;
  readonly tasks: number;
  readonly bytes: number;
}

/** Whether what is submitted fits: into what its owner may have, and onto the disk. */
export class Admission {
  readonly #archive: Pick<ResultsArchive, "ownerUse">;
  readonly #limits: OwnerLimits;
  readonly #disk: Pick<DiskSpace, "mustHaveRoom">;
  /** Let in and not in the archive yet: others of the same owner that come meanwhile shall see it. */
  readonly #underWay = new Map<Owner, Set<Asked>>();

  constructor(archive: Pick<ResultsArchive, "ownerUse">, limits: OwnerLimits, disk: Pick<DiskSpace, "mustHaveRoom">) {
    this.#archive = archive;
    this.#limits = limits;
    this.#disk = disk;
  }

  /** Lets it in while the task runs. Throws LimitError. */
  async admit<T>(owner: Owner, asked: Asked, nowMs: number, task: () => Promise<T>): Promise<T> {
    this.#disk.mustHaveRoom(asked.bytes);
    const underWay = this.#underWay.get(owner) ?? new Set();
    this.#underWay.set(owner, underWay);
    // In before it is looked at, so that of two that come at once not both fit into what is left for one.
    const entry = { ...asked };
    underWay.add(entry);
    try {
      this.#check(await this.#archive.ownerUse(owner, nowMs - DAY_MS), [...underWay]);
      return await task();
    } finally {
      underWay.delete(entry);
      if (underWay.size === 0) this.#underWay.delete(owner);
    }
  }

  #check(use: OwnerUse, underWay: readonly Asked[]): void {
    const limits = this.#limits;
    const jobs = sum(underWay, "jobs");
    if (use.activeJobs + jobs > limits.activeJobsPerOwner) {
      throw tooMany("activeJobsPerOwner", `you have ${use.activeJobs} jobs that have not ended, the limit is ${limits.activeJobsPerOwner}. Wait for one, or cancel one.`);
    }
    if (use.jobsSince + jobs > limits.jobsPerDayPerOwner) {
      throw tooMany("jobsPerDayPerOwner", `you submitted ${use.jobsSince} jobs in the last 24 hours, the limit is ${limits.jobsPerDayPerOwner}. One job can hold many inputs.`);
    }
    if (use.openTasks + sum(underWay, "tasks") > limits.openTasksPerOwner) {
      throw tooMany("openTasksPerOwner", `with its tasks you would have more than ${limits.openTasksPerOwner} that have not ended. Wait for some, or cancel a job.`);
    }
    if (use.storedBytes + sum(underWay, "bytes") > limits.storedBytesPerOwner) {
      throw new LimitError("no-space", "storedBytesPerOwner", `Cannot take this: your jobs take ${use.storedBytes} bytes, and with it they would pass ${limits.storedBytesPerOwner}, the limit. Remove jobs that you need no more.`);
    }
  }
}

function sum(all: readonly Asked[], what: keyof Asked): number {
  return all.reduce((total, asked) => total + asked[what], 0);
}

function tooMany(limit: string, why: string): LimitError {
  return new LimitError("too-many-requests", limit, `Cannot take this job: ${why}`, RETRY_SECONDS);
}
