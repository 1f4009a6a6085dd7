import {
  SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler,
  type CompiledQuery, type DatabaseConnection, type Dialect, type Driver, type Kysely, type QueryResult,
} from "kysely";
import type { SQLInputValue } from "node:sqlite";
import type { ArchiveThread } from "./archive-thread.ts";
import { expectReply } from "./expect-reply.ts";
import type { Statement } from "./thread-messages.ts";

/** Kysely over the archive's thread: it compiles here and runs there, in the order and the commits of all operations. */
export class ThreadDialect implements Dialect {
  readonly #thread: ArchiveThread;

  constructor(thread: ArchiveThread) {
    this.#thread = thread;
  }

  createDriver(): Driver {
    return new ThreadDriver(this.#thread);
  }

  createQueryCompiler(): SqliteQueryCompiler {
    return new SqliteQueryCompiler();
  }

  createAdapter(): SqliteAdapter {
    return new SqliteAdapter();
  }

  createIntrospector(database: Kysely<unknown>): SqliteIntrospector {
    return new SqliteIntrospector(database);
  }
}

class ThreadDriver implements Driver {
  readonly #thread: ArchiveThread;

  constructor(thread: ArchiveThread) {
    this.#thread = thread;
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve(new ThreadConnection(this.#thread));
  }

  beginTransaction(): Promise<void> {
    return Promise.reject(noTransactions());
  }

  commitTransaction(): Promise<void> {
    return Promise.reject(noTransactions());
  }

  rollbackTransaction(): Promise<void> {
    return Promise.reject(noTransactions());
  }

  releaseConnection(): Promise<void> {
    return Promise.resolve();
  }

  destroy(): Promise<void> {
    return Promise.resolve();
  }
}

class ThreadConnection implements DatabaseConnection {
  readonly #thread: ArchiveThread;

  constructor(thread: ArchiveThread) {
    this.#thread = thread;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (query.query.kind !== "SelectQueryNode") throw new Error("Cannot execute a write: writes commit in groups. Hand it to Records.write.");
    const reply = expectReply(await this.#thread.run({ type: "query", statement: toStatement(query) }), "rows");
    return { rows: reply.rows };
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("Cannot stream a query from the archive's thread: page through it");
  }
}

export function toStatement({ sql, parameters }: CompiledQuery): Statement {
  return { sql, parameters: parameters.map(toInputValue) };
}

function toInputValue(parameter: unknown): SQLInputValue {
  if (parameter === null || typeof parameter === "string" || typeof parameter === "number" || parameter instanceof Uint8Array) return parameter;
  throw new TypeError(`Cannot bind a ${typeof parameter} to a statement: SQLite has no such type`);
}

function noTransactions(): Error {
  return new Error("Cannot hold a transaction open: writes commit in groups. Hand all of them to Records.write at once.");
}
