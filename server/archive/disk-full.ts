import { setTimeout as wait } from "node:timers/promises";
import { GridError } from "../../protocol/grid-error.ts";

/** How long a write that found the disk full waits before it is tried again. */
export const DISK_FULL_RETRY_MS = 1_000;

/** What the archive tells its operator. Fits pino. */
export interface ArchiveLogger {
  warn(message: string): void;
}

/** Runs a task that writes files; again and again while the disk is full, with one line in the log. */
export async function untilDiskHasSpace<T>(what: string, logger: ArchiveLogger, task: () => Promise<T>): Promise<T> {
  for (let told = false; ; told = true) {
    try {
      return await task();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      if (!told) logger.warn(`Cannot ${what}: the disk is full. It is tried again; free some space.`);
      await wait(DISK_FULL_RETRY_MS);
    }
  }
}

/** Runs a task that writes files for somebody who can be told that it failed. Throws GridError "no-space" where the disk is full. */
export async function ifDiskHasSpace<T>(what: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (cause) {
    if (!isDiskFull(cause)) throw cause;
    throw new GridError("no-space", `Cannot ${what}: the disk of this hub is full. Try again when there is space; removing jobs frees some.`, { cause });
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
}
