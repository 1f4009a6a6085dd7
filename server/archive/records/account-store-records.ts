import type { AuditEntry } from "../../../protocol/http/accounts-operation.ts";
import type { AccountId } from "../../../protocol/ids.ts";
import type {
  AccountStore, AccountWork, AuditFilter, NewAccount, StoredAccount, StoredAccountChange, StoredInvitation, StoredSession, StoredToken,
} from "../account-store.ts";
import { addWork, changeAccount, createAccount, createInvitedAccount, findAccount, hasOperator, listAccounts, resetPassword } from "./account-records.ts";
import { insertAudit, listAudit } from "./audit-records.ts";
import { deleteInvitation, findInvitation, insertInvitation, listInvitations } from "./invitation-records.ts";
import type { Records } from "./records.ts";
import { deleteSession, deleteSessions, findSession, insertSession, listSessions, sessionSeen } from "./session-records.ts";
import { deleteToken, findToken, insertToken, listTokens, tokenUsed } from "./token-records.ts";

/** Accounts in the archive's rarely written tables, in any database. */
export class RecordedAccounts implements AccountStore {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  createAccount(account: NewAccount, invitation?: { readonly codeHash: string; readonly nowMs: number }): Promise<void> {
    return invitation === undefined
      ? createAccount(this.#records, account)
      : createInvitedAccount(this.#records, account, invitation.codeHash, invitation.nowMs);
  }

  account(accountId: AccountId): Promise<StoredAccount | undefined> {
    return findAccount(this.#records, "account_id", accountId);
  }

  accountByName(name: string): Promise<StoredAccount | undefined> {
    return findAccount(this.#records, "name", name);
  }

  accountBySubject(subject: string): Promise<StoredAccount | undefined> {
    return findAccount(this.#records, "subject", subject);
  }

  accounts(filter: { readonly text?: string; readonly after?: string; readonly limit: number }): Promise<readonly StoredAccount[]> {
    return listAccounts(this.#records, filter);
  }

  changeAccount(accountId: AccountId, change: StoredAccountChange): Promise<void> {
    return changeAccount(this.#records, accountId, change);
  }

  addWork(accountId: AccountId, work: AccountWork): Promise<void> {
    return addWork(this.#records, accountId, work);
  }

  hasOperator(): Promise<boolean> {
    return hasOperator(this.#records);
  }

  resetPassword(codeHash: string, passwordHash: string, nowMs: number): Promise<AccountId | undefined> {
    return resetPassword(this.#records, codeHash, passwordHash, nowMs);
  }

  createSession(session: StoredSession, most: number): Promise<void> {
    return insertSession(this.#records, session, most);
  }

  session(sessionHash: string): Promise<StoredSession | undefined> {
    return findSession(this.#records, sessionHash);
  }

  sessions(accountId: AccountId): Promise<readonly StoredSession[]> {
    return listSessions(this.#records, accountId);
  }

  sessionSeen(sessionHash: string, atMs: number): Promise<void> {
    return sessionSeen(this.#records, sessionHash, atMs);
  }

  endSession(accountId: AccountId, sessionId: string): Promise<boolean> {
    return deleteSession(this.#records, accountId, sessionId);
  }

  endSessions(accountId: AccountId, exceptHash?: string): Promise<void> {
    return deleteSessions(this.#records, accountId, exceptHash);
  }

  createToken(token: StoredToken, most: number): Promise<boolean> {
    return insertToken(this.#records, token, most);
  }

  token(tokenHash: string): Promise<StoredToken | undefined> {
    return findToken(this.#records, tokenHash);
  }

  tokens(accountId: AccountId): Promise<readonly StoredToken[]> {
    return listTokens(this.#records, accountId);
  }

  tokenUsed(tokenHash: string, atMs: number): Promise<void> {
    return tokenUsed(this.#records, tokenHash, atMs);
  }

  revokeToken(accountId: AccountId, tokenId: string): Promise<boolean> {
    return deleteToken(this.#records, accountId, tokenId);
  }

  createInvitation(invitation: StoredInvitation): Promise<void> {
    return insertInvitation(this.#records, invitation);
  }

  invitation(codeHash: string, nowMs: number): Promise<StoredInvitation | undefined> {
    return findInvitation(this.#records, codeHash, nowMs);
  }

  invitations(nowMs: number, limit: number): Promise<readonly StoredInvitation[]> {
    return listInvitations(this.#records, nowMs, limit);
  }

  revokeInvitation(invitationId: string): Promise<boolean> {
    return deleteInvitation(this.#records, invitationId);
  }

  addAudit(entry: AuditEntry, most: number): Promise<void> {
    return insertAudit(this.#records, entry, most);
  }

  audit(filter: AuditFilter): Promise<readonly (AuditEntry & { readonly entryId: number })[]> {
    return listAudit(this.#records, filter);
  }

  async settings(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#records.database.selectFrom("settings").selectAll().execute();
    return new Map(rows.map((row) => [row.name, row.value_json]));
  }

  async saveSettings(settings: ReadonlyMap<string, string>): Promise<void> {
    const { database } = this.#records;
    const rows = [...settings].map(([name, json]) => ({ name, value_json: json }));
    await this.#records.write(rows.map((row) =>
      database.insertInto("settings").values(row).onConflict((conflict) => conflict.column("name").doUpdateSet({ value_json: row.value_json })).compile()));
  }

  async removeExpired(times: { readonly sessionsMadeBeforeMs: number; readonly sessionsSeenBeforeMs: number; readonly nowMs: number }): Promise<void> {
    const { database } = this.#records;
    await this.#records.write([
      database.deleteFrom("sessions").where((of) => of.or([
        of("created_at_ms", "<", times.sessionsMadeBeforeMs), of("seen_at_ms", "<", times.sessionsSeenBeforeMs),
      ])).compile(),
      database.deleteFrom("invitations").where((of) => of.or([of("expires_at_ms", "<=", times.nowMs), of("uses_left", "<=", 0)])).compile(),
    ]);
  }
}
