import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { blobIdSchema, type BlobId } from "../../protocol/ids.ts";
import { ARCHIVE_LIMITS } from "../limits.ts";
import { ByteBudget } from "./byte-budget.ts";
import { untilDiskHasSpace, type ArchiveLogger } from "./disk-full.ts";

/** Files named by the SHA-256 of what they hold: `folder/ab/abcd…`. One that is there is whole, and on disk. */
export class BlobFiles {
  readonly #folder: string;
  readonly #unfinished: string;
  readonly #logger: ArchiveLogger;
  readonly #budget = new ByteBudget(ARCHIVE_LIMITS.unwrittenBlobBytes);
  readonly #writing = new Map<BlobId, Promise<void>>();

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
  async save(bytes: Uint8Array): Promise<BlobId> {
    return this.#budget.spend(bytes.byteLength, async () => {
      // A copy, because only a buffer of its own can be hashed off this thread.
      const own = new Uint8Array(bytes);
      const blobId = await sha256(own);
      // A second save of the same bytes must not be answered before the first is on disk.
      const write = this.#writing.get(blobId) ?? this.#write(blobId, own);
      this.#writing.set(blobId, write);
      try {
        await write;
      } finally {
        this.#writing.delete(blobId);
      }
      return blobId;
    });
  }

  async read(blobId: BlobId): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.#path(blobId));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  has(blobId: BlobId): Promise<boolean> {
    return isThere(this.#path(blobId));
  }

  /** Settles when nothing is being written any more. */
  async idle(): Promise<void> {
    while (this.#writing.size > 0) await Promise.allSettled(this.#writing.values());
  }

  async #write(blobId: BlobId, bytes: Uint8Array): Promise<void> {
    const folder = join(this.#folder, blobId.slice(0, 2));
    if (!(await isThere(this.#path(blobId)))) {
      const unfinished = join(this.#unfinished, randomUUID());
      try {
        await untilDiskHasSpace(`store the blob ${blobId}`, this.#logger, async () => {
          await mkdir(folder, { recursive: true });
          await writeAndSync(unfinished, bytes);
          await rename(unfinished, this.#path(blobId));
        });
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

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
