import { statfs } from "node:fs/promises";
import { LimitError } from "../limit-error.ts";

/** How often the disk is looked at. */
const LOOK_MS = 2_000;
const RETRY_SECONDS = 60;

interface DiskLogger {
  warn(facts: object, message: string): void;
  info(facts: object, message: string): void;
}

/**
 * How much space the data folder's disk has. Submissions are refused before the last of it is gone, so that the results
 * of what runs still fit.
 */
export class DiskSpace {
  /** Submissions leave this many bytes free. */
  readonly minFreeBytes: number;
  readonly #folder: string;
  readonly #logger: DiskLogger;
  readonly #timer: NodeJS.Timeout;
  #freeBytes: number;
  #wasLow = false;

  private constructor(folder: string, minFreeBytes: number, logger: DiskLogger, freeBytes: number) {
    this.#folder = folder;
    this.minFreeBytes = minFreeBytes;
    this.#logger = logger;
    this.#freeBytes = freeBytes;
    this.#tell();
    this.#timer = setInterval(() => void this.look(), LOOK_MS).unref();
  }

  static async watch(folder: string, minFreeBytes: number, logger: DiskLogger): Promise<DiskSpace> {
    return new DiskSpace(folder, minFreeBytes, logger, await freeBytesOf(folder));
  }

  /** For this user, at the last look. */
  get freeBytes(): number {
    return this.#freeBytes;
  }

  get isLow(): boolean {
    return this.#freeBytes < this.minFreeBytes;
  }

  /** Throws LimitError "no-space" where so many bytes more would leave less than is to stay free. */
  mustHaveRoom(bytes: number): void {
    if (this.#freeBytes - bytes >= this.minFreeBytes) return;
    throw new LimitError(
      "no-space", "minFreeBytes",
      `Cannot take this: the disk of this hub has ${this.#freeBytes} bytes free, and ${this.minFreeBytes} of them are kept for the results of running jobs. Try again when there is space; removing jobs frees some.`, RETRY_SECONDS,
    );
  }

  async look(): Promise<void> {
    try {
      this.#freeBytes = await freeBytesOf(this.#folder);
    } catch (err) {
      return this.#logger.warn({ err }, "Cannot tell how much space the disk has");
    }
    this.#tell();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Once when it begins to be low, once when it is over. */
  #tell(): void {
    if (this.isLow === this.#wasLow) return;
    this.#wasLow = this.isLow;
    const facts = { freeBytes: this.#freeBytes, minFreeBytes: this.minFreeBytes };
    if (this.isLow) this.#logger.warn(facts, "the disk is nearly full: submissions are refused, what runs goes on; free some space");
    else this.#logger.info(facts, "the disk has space again: submissions are taken");
  }
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
