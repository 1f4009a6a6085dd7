import type { CompiledQuery, Kysely } from "kysely";
import type { Tables } from "../tables.ts";

/** The rarely written tables of the archive, as the functions beside this file read and write them in any database. */
export interface Records {
  readonly database: Kysely<Tables>;
  /** Runs all in one commit, or none of them. Answers how many rows the last one changed. */
  write(statements: readonly CompiledQuery[]): Promise<number>;
}
