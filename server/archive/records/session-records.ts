import type { Selectable } from "kysely";
import { accountIdSchema, type AccountId } from "../../../protocol/ids.ts";
import type { StoredSession } from "../account-store.ts";
import type { SessionsTable } from "../tables.ts";
import type { Records } from "./records.ts";

export async function insertSession(records: Records, session: StoredSession, most: number): Promise<void> {
  const { database } = records;
  const newest = database
    .selectFrom("sessions")
    .select("session_hash")
    .where("account_id", "=", session.accountId)
    .orderBy("created_at_ms", "desc")
    .orderBy("session_hash")
    .limit(most);
  await records.write([
    database.insertInto("sessions").values({
      session_hash: session.sessionHash, session_id: session.sessionId, account_id: session.accountId, created_at_ms: session.createdAtMs,
      seen_at_ms: session.seenAtMs, address: session.address, user_agent: session.userAgent,
    }).compile(),
    // Of those that began in the same moment this one stays in any case.
    database
      .deleteFrom("sessions")
      .where("account_id", "=", session.accountId)
      .where("session_hash", "<>", session.sessionHash)
      .where("session_hash", "not in", newest)
      .compile(),
  ]);
}

export async function findSession({ database }: Records, sessionHash: string): Promise<StoredSession | undefined> {
  const row = await database.selectFrom("sessions").selectAll().where("session_hash", "=", sessionHash).executeTakeFirst();
  return row === undefined ? undefined : sessionFromRow(row);
}

export async function listSessions({ database }: Records, accountId: AccountId): Promise<readonly StoredSession[]> {
  const rows = await database.selectFrom("sessions").selectAll().where("account_id", "=", accountId).orderBy("created_at_ms", "desc").orderBy("session_hash").execute();
  return rows.map(sessionFromRow);
}

export async function sessionSeen(records: Records, sessionHash: string, atMs: number): Promise<void> {
  await records.write([records.database.updateTable("sessions").set({ seen_at_ms: atMs }).where("session_hash", "=", sessionHash).compile()]);
}

export async function deleteSession(records: Records, accountId: AccountId, sessionId: string): Promise<boolean> {
  const query = records.database.deleteFrom("sessions").where("account_id", "=", accountId).where("session_id", "=", sessionId);
  return (await records.write([query.compile()])) > 0;
}

export async function deleteSessions(records: Records, accountId: AccountId, exceptHash: string | undefined): Promise<void> {
  const all = records.database.deleteFrom("sessions").where("account_id", "=", accountId);
  await records.write([(exceptHash === undefined ? all : all.where("session_hash", "<>", exceptHash)).compile()]);
}

function sessionFromRow(row: Selectable<SessionsTable>): StoredSession {
  return {
    sessionHash: row.session_hash, sessionId: row.session_id, accountId: accountIdSchema.parse(row.account_id),
    createdAtMs: row.created_at_ms, seenAtMs: row.seen_at_ms, address: row.address, userAgent: row.user_agent,
  };
}
