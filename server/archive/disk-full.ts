import { setTimeout as wait } from "node:timers/promises";

/** How long a write that found the disk full waits before it is tried again. */
export const DISK_FULL_RETRY_MS = 1_000;

/** What the archive tells its operator. Fits pino. */
export interface ArchiveLogger {
  warn(message: string): void;
}

/** Runs a task that writes files; again and again while the disk is full, with a line in the log each time. */
export async function untilDiskHasSpace<T>(what: string, logger: ArchiveLogger, task: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof Error) || !("code" in error) || (error.code !== "ENOSPC" && error.code !== "EDQUOT")) throw error;
      logger.warn(`Cannot ${what}: the disk is full. It is tried again; free some space.`);
      await wait(DISK_FULL_RETRY_MS);
    }
  }
}
