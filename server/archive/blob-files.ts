import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { blobIdSchema, type BlobId } from "../../protocol/ids.ts";
import { ARCHIVE_LIMITS } from "../limits.ts";
import type { WhenFull } from "./archive.ts";
import { ByteBudget } from "./byte-budget.ts";
import { ifDiskHasSpace, untilDiskHasSpace, type ArchiveLogger } from "./disk-full.ts";

/** Files named by the SHA-256 of what they hold: `folder/ab/abcd…`. One that is there is whole, and on disk. */
export class BlobFiles {
  readonly #folder: string;
  readonly #unfinished: string;
  readonly #logger: ArchiveLogger;
  readonly #budget = new ByteBudget(ARCHIVE_LIMITS.unwrittenBlobBytes);
  /** What is being done with a file now, and what waits for it. */
  readonly #busy = new Map<BlobId, Promise<void>>();

  private constructor(folder: string, logger: ArchiveLogger) {
    this.#folder = folder;
    this.#unfinished = join(folder, "unfinished");
    this.#logger = logger;
  }

  /** Nobody else may have the folder open: what a crash left unfinished is removed. */
  static async open(folder: string, logger: ArchiveLogger): Promise<BlobFiles> {
    const files = new BlobFiles(folder, logger);
    await rm(files.#unfinished, { recursive: true, force: true });
    await mkdir(files.#unfinished, { recursive: true });
    return files;
  }

  /** The bytes must not change until it settles. */
  async save(bytes: Uint8Array, whenFull: WhenFull = "wait"): Promise<BlobId> {
    return this.#budget.spend(bytes.byteLength, async () => {
      // A copy, because only a buffer of its own can be hashed off this thread.
      const own = new Uint8Array(bytes);
      const blobId = await sha256(own);
      await this.#alone(blobId, () => this.#write(blobId, own, whenFull));
      return blobId;
    });
  }

  /** What is done with one file is done one after the other: a second save is not answered before the first is on disk, and nothing is removed in between. */
  async #alone<T>(blobId: BlobId, task: () => Promise<T>): Promise<T> {
    const turn = (this.#busy.get(blobId) ?? Promise.resolve()).then(task);
    const settled = turn.then(() => undefined, () => undefined);
    this.#busy.set(blobId, settled);
    try {
      return await turn;
    } finally {
      if (this.#busy.get(blobId) === settled) this.#busy.delete(blobId);
    }
  }

  async read(blobId: BlobId): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.#path(blobId));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Whether it is there. From now on it stays for an hour at least, so that what refers to it can be stored. */
  async has(blobId: BlobId): Promise<boolean> {
    return await this.#alone(blobId, () => touch(this.#path(blobId)));
  }

  /** Removes it, unless somebody stored it or asked whether it is there since then. Answers whether it did. */
  async remove(blobId: BlobId, untouchedSinceMs: number): Promise<boolean> {
    return await this.#alone(blobId, async () => {
      const path = this.#path(blobId);
      const touchedAtMs = await modifiedAtMs(path);
      if (touchedAtMs === undefined || touchedAtMs > untouchedSinceMs) return false;
      await rm(path, { force: true });
      return true;
    });
  }

  async isUntouched(blobId: BlobId, sinceMs: number): Promise<boolean> {
    const touchedAtMs = await modifiedAtMs(this.#path(blobId));
    return touchedAtMs === undefined || touchedAtMs <= sinceMs;
  }

  /** All that are there and untouched since then, folder by folder. */
  async *untouched(sinceMs: number): AsyncGenerator<readonly BlobId[]> {
    for (const folder of await readdir(this.#folder)) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue;
      const old: BlobId[] = [];
      for (const name of await readdir(join(this.#folder, folder))) {
        const blobId = blobIdSchema.safeParse(name);
        const touchedAtMs = blobId.success ? await modifiedAtMs(this.#path(blobId.data)) : undefined;
        if (blobId.success && touchedAtMs !== undefined && touchedAtMs <= sinceMs) old.push(blobId.data);
      }
      if (old.length > 0) yield old;
    }
  }

  /** Settles when nothing is being written any more. */
  async idle(): Promise<void> {
    while (this.#busy.size > 0) await Promise.all(this.#busy.values());
  }

  async #write(blobId: BlobId, bytes: Uint8Array, whenFull: WhenFull): Promise<void> {
    const folder = join(this.#folder, blobId.slice(0, 2));
    if (!(await touch(this.#path(blobId)))) {
      const unfinished = join(this.#unfinished, randomUUID());
      try {
        const write = async () => {
          await mkdir(folder, { recursive: true });
          await writeAndSync(unfinished, bytes);
          await rename(unfinished, this.#path(blobId));
        };
        const what = `store the blob ${blobId}`;
        await (whenFull === "wait" ? untilDiskHasSpace(what, this.#logger, write) : ifDiskHasSpace(what, write));
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
      await syncFolder(this.#folder);
    }
    // Also where the file was there: a crash may have come between its renaming and this.
    await syncFolder(folder);
  }

  #path(blobId: BlobId): string {
    return join(this.#folder, blobId.slice(0, 2), blobId);
  }
}

/** SHA-256 in lower-case hexadecimal, computed off this thread. */
async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<BlobId> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return blobIdSchema.parse(Buffer.from(digest).toString("hex"));
}

async function writeAndSync(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Answers whether it is there. */
async function touch(path: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(path, now, now);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function modifiedAtMs(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
