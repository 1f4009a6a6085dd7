import { DatabaseSync } from "node:sqlite";
import { GridError } from "../../../protocol/grid-error.ts";
import { ARCHIVE_LIMITS } from "../../limits.ts";
import { isBusy } from "./sqlite-errors.ts";

/** Larger than SQLite's own, for rows that are chunks of results; faster for small ones too. */
const PAGE_BYTES = 8192;
const CACHE_KIB = 64 * 1024;
/** The write-ahead log goes into the database each time it has grown by this. */
const CHECKPOINT_PAGES = 4096;

/**
 * Opens the database and holds it alone, until it is closed or the process is gone, be it by kill -9.
 * Throws GridError "conflict" where another process holds it, "unavailable" where it cannot be opened.
 */
export function openDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    // In this order: alone before the log is first read, so that no memory is shared and a second process is refused.
    database.exec(`
      PRAGMA page_size = ${PAGE_BYTES};
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA cache_size = -${CACHE_KIB};
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
      PRAGMA journal_size_limit = ${ARCHIVE_LIMITS.logBytesKept};
      BEGIN EXCLUSIVE;
      COMMIT;`);
    return database;
  } catch (cause) {
    database?.close();
    if (isBusy(cause)) {
      throw new GridError("conflict", "another process is using it. Stop that one, or choose another folder.", { cause });
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GridError("unavailable", `its database ${path} cannot be opened: ${why}. Choose another folder, or mend this one.`, { cause });
  }
}
