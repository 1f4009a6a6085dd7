import { sql, type Expression, type Insertable, type Selectable, type SqlBool } from "kysely";
import { GridError } from "../../../protocol/grid-error.ts";
import { roleSchema } from "../../../protocol/http/accounts.ts";
import { accountIdSchema, ownerSchema, type AccountId } from "../../../protocol/ids.ts";
import type { AccountWork, NewAccount, StoredAccount, StoredAccountChange } from "../account-store.ts";
import type { AccountsTable } from "../tables.ts";
import type { Records } from "./records.ts";
import { searchPatterns } from "./search-text.ts";

export async function createAccount(records: Records, account: NewAccount): Promise<void> {
  await records.write([records.database.insertInto("accounts").values(accountToRow(account)).compile()]);
}

/** Both in one commit: the account is made where the invitation is good, and the invitation used up where the account is there. */
export async function createInvitedAccount(records: Records, account: NewAccount, codeHash: string, nowMs: number): Promise<void> {
  const { database } = records;
  const row = accountToRow(account);
  const values = Object.values(row).map((value) => sql`${value}`);
  const insert = sql`insert into accounts (${sql.join(Object.keys(row).map((name) => sql.ref(name)))})
    select ${sql.join(values)} from invitations where code_hash = ${codeHash} and uses_left > 0 and expires_at_ms > ${nowMs} and for_account_id is null`;
  const useUp = database
    .updateTable("invitations")
    .set(({ eb: build }) => ({ uses_left: build("uses_left", "-", 1) }))
    .where("code_hash", "=", codeHash)
    .where((of) => of.exists(of.selectFrom("accounts").select("account_id").where("account_id", "=", account.accountId)))
    .compile();
  if ((await records.write([insert.compile(database), useUp])) === 0) {
    throw new GridError("not-found", "Cannot use this invitation: it was used up, revoked, or is over. Ask for a new one.");
  }
}

export async function findAccount(
  { database }: Records, by: "account_id" | "name" | "subject", value: string,
): Promise<StoredAccount | undefined> {
  const row = await database.selectFrom("accounts").selectAll().where(by, "=", value).executeTakeFirst();
  return row === undefined ? undefined : accountFromRow(row);
}

export async function listAccounts(
  { database }: Records, { text, after, limit }: { readonly text?: string; readonly after?: string; readonly limit: number },
): Promise<readonly StoredAccount[]> {
  let query = database.selectFrom("accounts").selectAll().orderBy("name").limit(limit);
  if (after !== undefined) query = query.where("name", ">", after);
  for (const pattern of searchPatterns(text ?? "")) {
    query = query.where(sql<boolean>`(name like ${pattern} escape '\\' or lower(coalesce(email, '')) like ${pattern} escape '\\')`);
  }
  return (await query.execute()).map(accountFromRow);
}

export async function changeAccount(records: Records, accountId: AccountId, change: StoredAccountChange): Promise<void> {
  const row = {
    ...(change.role === undefined ? {} : { role: change.role }),
    ...(change.email === undefined ? {} : { email: change.email }),
    ...(change.passwordHash === undefined ? {} : { password_hash: change.passwordHash }),
    ...(change.invited === undefined ? {} : { invited: bit(change.invited) }),
    ...(change.vouched === undefined ? {} : { vouched: bit(change.vouched) }),
    ...(change.disabled === undefined ? {} : { disabled: bit(change.disabled) }),
    ...(change.lastSignInAtMs === undefined ? {} : { last_sign_in_at_ms: change.lastSignInAtMs }),
  };
  if (Object.keys(row).length === 0) return;
  const takesOperatorAway = change.disabled === true || (change.role !== undefined && change.role !== "operator");
  const { database } = records;
  let update = database.updateTable("accounts").set(row).where("account_id", "=", accountId);
  if (takesOperatorAway) {
    update = update.where((of): Expression<SqlBool> => of.or([
      of("role", "<>", "operator"), of("disabled", "=", 1),
      of.exists(of.selectFrom("accounts as other").select("other.account_id").where("other.role", "=", "operator").where("other.disabled", "=", 0).where("other.account_id", "<>", accountId)),
    ]));
  }
  if ((await records.write([update.compile()])) > 0) return;
  if ((await findAccount(records, "account_id", accountId)) === undefined) {
    throw new GridError("not-found", `Cannot change the account ${accountId}: there is none of that id`);
  }
  throw new GridError("conflict", "Cannot take this account's role: it is the last operator who can sign in. Make another one first.");
}

export async function addWork(records: Records, accountId: AccountId, work: AccountWork): Promise<void> {
  await records.write([
    records.database
      .updateTable("accounts")
      .set(({ eb: build }) => ({
        tasks_completed: build("tasks_completed", "+", work.tasksCompleted),
        tasks_failed: build("tasks_failed", "+", work.tasksFailed),
        total_time_ms: build("total_time_ms", "+", work.totalTimeMs),
      }))
      .where("account_id", "=", accountId)
      .compile(),
  ]);
}

export async function hasOperator({ database }: Records): Promise<boolean> {
  const row = await database.selectFrom("accounts").select("account_id").where("role", "=", "operator").where("disabled", "=", 0).limit(1).executeTakeFirst();
  return row !== undefined;
}

/** In one commit: the password, the end of all sessions, the end of the invitation. */
export async function resetPassword(records: Records, codeHash: string, passwordHash: string, nowMs: number): Promise<AccountId | undefined> {
  const { database } = records;
  const forAccount = database
    .selectFrom("invitations")
    .select("for_account_id")
    .where("code_hash", "=", codeHash)
    .where("uses_left", ">", 0)
    .where("expires_at_ms", ">", nowMs)
    .where("for_account_id", "is not", null);
  const accountId = (await forAccount.executeTakeFirst())?.for_account_id ?? null;
  if (accountId === null) return undefined;
  const used = await records.write([
    database.updateTable("accounts").set({ password_hash: passwordHash }).where("account_id", "=", accountId).where((of) => of.exists(forAccount)).compile(),
    database.deleteFrom("sessions").where("account_id", "=", accountId).where((of) => of.exists(forAccount)).compile(),
    database.updateTable("invitations").set({ uses_left: 0 }).where("code_hash", "=", codeHash).where("uses_left", ">", 0).where("expires_at_ms", ">", nowMs).compile(),
  ]);
  return used === 0 ? undefined : accountIdSchema.parse(accountId);
}

function accountToRow(account: NewAccount): Insertable<AccountsTable> {
  return {
    account_id: account.accountId, name: account.name, role: account.role, email: account.email, password_hash: account.passwordHash, subject: account.subject,
    invited: bit(account.invited), vouched: bit(account.vouched), disabled: 0, created_at_ms: account.createdAtMs, last_sign_in_at_ms: null,
    tasks_completed: 0, tasks_failed: 0, total_time_ms: 0,
  };
}

function accountFromRow(row: Selectable<AccountsTable>): StoredAccount {
  return {
    accountId: accountIdSchema.parse(row.account_id), name: ownerSchema.parse(row.name), role: roleSchema.parse(row.role), email: row.email,
    passwordHash: row.password_hash, subject: row.subject, invited: row.invited === 1, vouched: row.vouched === 1, disabled: row.disabled === 1,
    createdAtMs: row.created_at_ms, lastSignInAtMs: row.last_sign_in_at_ms,
    tasksCompleted: row.tasks_completed, tasksFailed: row.tasks_failed, totalTimeMs: row.total_time_ms,
  };
}

function bit(value: boolean): 0 | 1 {
  return value ? 1 : 0;
}
