import type { CompiledQuery, Kysely } from "kysely";
import type { Tables } from "../tables.ts";

/** Schema 2: what a job asks of the scheduler. */
export function addJobAsks({ schema }: Kysely<Tables>): readonly CompiledQuery[] {
  return [schema.alterTable("jobs").addColumn("asks_json", "text").compile()];
}
