import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { GridError } from "../../../protocol/grid-error.ts";
import type { ResultsArchive } from "../archive.ts";
import { BlobFiles } from "../blob-files.ts";
import type { ArchiveLogger } from "../disk-full.ts";
import { makeFolder } from "../make-folder.ts";
import { migrate, type TableDialect } from "../migrations.ts";
import { ArchiveThread } from "./archive-thread.ts";
import { expectReply } from "./expect-reply.ts";
import { SqliteResultsArchive, threadRecords } from "./sqlite-results-archive.ts";

interface SqliteArchiveOptions {
  /** Holds `manyhands.sqlite` and `blobs/`; made where it is missing. */
  readonly dataDir: string;
  readonly logger?: ArchiveLogger;
  /**
   * A commit failed for another reason than a full disk. Every promise that is open is rejected; the hub must stop,
   * and finds all that was acknowledged when it starts again. Without it the error is thrown, and ends the process.
   */
  readonly onFatal?: (error: Error) => void;
}

const SQLITE: TableDialect = {
  bytesType: sql`blob`,
  autoIncrementType: sql`integer primary key autoincrement`,
  compactTable: sql`without rowid`,
};

/**
 * Opens the archive in a folder that nobody else has open. Throws GridError "unavailable" where the folder cannot be
 * written, "conflict" where another process uses it or a newer program wrote it; the message is one line for the operator.
 */
export async function openSqliteArchive({ dataDir, logger = console, onFatal = endProcess }: SqliteArchiveOptions): Promise<ResultsArchive> {
  let thread: ArchiveThread | undefined;
  let opened = false;
  try {
    await makeFolder(dataDir);
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    thread = await ArchiveThread.open(join(dataDir, "manyhands.sqlite"), logger, (error) => {
      // Before it is open, a failure is the caller's to handle: it is thrown below.
      if (opened) onFatal(error);
    });
    await migrate(threadRecords(thread), SQLITE);
    expectReply(await thread.run({ type: "abandon-staged-jobs" }), "changed");
    const archive = new SqliteResultsArchive(thread, await BlobFiles.open(join(dataDir, "blobs"), logger));
    opened = true;
    return archive;
  } catch (cause) {
    // A thread that has failed cannot be closed; what it failed of is told already.
    await Promise.allSettled([thread?.close()]);
    if (cause instanceof GridError) throw notOpened(cause.kind, dataDir, cause.message, cause);
    const why = cause instanceof Error ? cause.message : String(cause);
    throw notOpened("unavailable", dataDir, `${why}. Choose another folder, or make this one writable.`, cause);
  }
}

function notOpened(kind: GridError["kind"], dataDir: string, why: string, cause: unknown): GridError {
  return new GridError(kind, `Cannot open the data folder ${dataDir}: ${why}`, { cause });
}

function endProcess(error: Error): void {
  queueMicrotask(() => { throw error; });
}
