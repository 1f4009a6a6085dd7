import { sql, type Selectable } from "kysely";
import * as z from "zod/mini";
import { scopeSchema } from "../../../protocol/http/accounts-tokens.ts";
import { accountIdSchema, type AccountId } from "../../../protocol/ids.ts";
import type { StoredToken } from "../account-store.ts";
import type { TokensTable } from "../tables.ts";
import type { Records } from "./records.ts";

const scopesSchema = z.array(scopeSchema);

/** Answers false where the account has that many already. */
export async function insertToken(records: Records, token: StoredToken, most: number): Promise<boolean> {
  const { database } = records;
  const row = {
    token_hash: token.tokenHash, token_id: token.tokenId, account_id: token.accountId, name: token.name, scopes: token.scopes.join(","),
    created_at_ms: token.createdAtMs, expires_at_ms: token.expiresAtMs, used_at_ms: token.usedAtMs,
  };
  const insert = sql`insert into tokens (${sql.join(Object.keys(row).map((name) => sql.ref(name)))})
    select ${sql.join(Object.values(row).map((value) => sql`${value}`))} where (select count(*) from tokens where account_id = ${token.accountId}) < ${most}`;
  return (await records.write([insert.compile(database)])) > 0;
}

export async function findToken({ database }: Records, tokenHash: string): Promise<StoredToken | undefined> {
  const row = await database.selectFrom("tokens").selectAll().where("token_hash", "=", tokenHash).executeTakeFirst();
  return row === undefined ? undefined : tokenFromRow(row);
}

export async function listTokens({ database }: Records, accountId: AccountId): Promise<readonly StoredToken[]> {
  const rows = await database.selectFrom("tokens").selectAll().where("account_id", "=", accountId).orderBy("created_at_ms", "desc").orderBy("token_id").execute();
  return rows.map(tokenFromRow);
}

export async function tokenUsed(records: Records, tokenHash: string, atMs: number): Promise<void> {
  await records.write([records.database.updateTable("tokens").set({ used_at_ms: atMs }).where("token_hash", "=", tokenHash).compile()]);
}

export async function deleteToken(records: Records, accountId: AccountId, tokenId: string): Promise<boolean> {
  const query = records.database.deleteFrom("tokens").where("account_id", "=", accountId).where("token_id", "=", tokenId);
  return (await records.write([query.compile()])) > 0;
}

function tokenFromRow(row: Selectable<TokensTable>): StoredToken {
  return {
    tokenHash: row.token_hash, tokenId: row.token_id, accountId: accountIdSchema.parse(row.account_id), name: row.name,
    scopes: scopesSchema.parse(row.scopes.split(",")), createdAtMs: row.created_at_ms, expiresAtMs: row.expires_at_ms, usedAtMs: row.used_at_ms,
  };
}
