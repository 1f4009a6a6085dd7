import { sql } from "kysely";
import { auditEntrySchema, type AuditEntry } from "../../../protocol/http/accounts-operation.ts";
import type { AuditFilter } from "../account-store.ts";
import type { Records } from "./records.ts";

export async function insertAudit(records: Records, { at, ...entry }: AuditEntry, most: number): Promise<void> {
  const { database } = records;
  await records.write([
    database.insertInto("audit").values({ at_ms: at, ...entry }).compile(),
    database.deleteFrom("audit").where(sql<boolean>`entry_id <= (select max(newest.entry_id) from audit as newest) - ${most}`).compile(),
  ]);
}

export async function listAudit(
  { database }: Records, { account, action, before, limit }: AuditFilter,
): Promise<readonly (AuditEntry & { readonly entryId: number })[]> {
  let query = database.selectFrom("audit").selectAll().orderBy("entry_id", "desc").limit(limit);
  if (account !== undefined) query = query.where("account", "=", account);
  if (action !== undefined) query = query.where("action", "=", action);
  if (before !== undefined) query = query.where("entry_id", "<", before);
  return (await query.execute()).map(({ entry_id: entryId, at_ms: at, ...row }) => ({ entryId, ...auditEntrySchema.parse({ at, ...row }) }));
}
