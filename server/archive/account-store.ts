import type { AuditEntry } from "../../protocol/http/accounts-operation.ts";
import type { Scope } from "../../protocol/http/accounts-tokens.ts";
import type { Role } from "../../protocol/http/accounts.ts";
import type { AccountId, Owner } from "../../protocol/ids.ts";

export interface StoredAccount {
  readonly accountId: AccountId;
  readonly name: Owner;
  readonly role: Role;
  readonly email: string | null;
  /** Null: signs in by the single sign-on alone. */
  readonly passwordHash: string | null;
  /** Who it is to the single sign-on: issuer and subject; null where it has nothing to do with it. */
  readonly subject: string | null;
  readonly invited: boolean;
  readonly vouched: boolean;
  readonly disabled: boolean;
  readonly createdAtMs: number;
  readonly lastSignInAtMs: number | null;
  readonly tasksCompleted: number;
  readonly tasksFailed: number;
  readonly totalTimeMs: number;
}

export type NewAccount = Omit<StoredAccount, "disabled" | "lastSignInAtMs" | "tasksCompleted" | "tasksFailed" | "totalTimeMs">;
export type StoredAccountChange = Partial<Pick<StoredAccount, "role" | "email" | "passwordHash" | "invited" | "vouched" | "disabled" | "lastSignInAtMs">>;
export type AccountWork = Pick<StoredAccount, "tasksCompleted" | "tasksFailed" | "totalTimeMs">;

export interface StoredSession {
  /** SHA-256 of what the cookie holds, hexadecimal. */
  readonly sessionHash: string;
  /** What it is called towards its owner. */
  readonly sessionId: string;
  readonly accountId: AccountId;
  readonly createdAtMs: number;
  readonly seenAtMs: number;
  readonly address: string;
  readonly userAgent: string;
}

export interface StoredToken {
  /** SHA-256 of the token, hexadecimal. */
  readonly tokenHash: string;
  readonly tokenId: string;
  readonly accountId: AccountId;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly usedAtMs: number | null;
}

export interface StoredInvitation {
  /** SHA-256 of the code, hexadecimal. */
  readonly codeHash: string;
  readonly invitationId: string;
  readonly role: Role;
  readonly usesLeft: number;
  readonly expiresAtMs: number;
  readonly note: string;
  /** Name of the account that made it; null: the hub's own terminal. */
  readonly createdBy: string | null;
  readonly createdAtMs: number;
  /** Not for somebody new: gives this account a new password. */
  readonly forAccountId: AccountId | null;
}

export interface AuditFilter {
  readonly account?: string;
  readonly action?: string;
  /** Entries older than this one, from an earlier page. */
  readonly before?: number;
  readonly limit: number;
}

/** Accounts and what they sign in by, part of the Results Archive: a promise that settles means that the change is on disk. */
export interface AccountStore {
  /**
   * Makes an account, with an invitation's code hash by using it up once, both or neither. Throws GridError "conflict"
   * where the name or the subject is taken, "not-found" where the invitation is good for nothing at `nowMs`.
   */
  createAccount(account: NewAccount, invitation?: { readonly codeHash: string; readonly nowMs: number }): Promise<void>;
  account(accountId: AccountId): Promise<StoredAccount | undefined>;
  accountByName(name: string): Promise<StoredAccount | undefined>;
  accountBySubject(subject: string): Promise<StoredAccount | undefined>;
  /** By name; those behind the name `after`, whose name or address holds `text`. */
  accounts(filter: { readonly text?: string; readonly after?: string; readonly limit: number }): Promise<readonly StoredAccount[]>;
  /** Throws GridError "not-found"; "conflict" where no operator would be left who can sign in. */
  changeAccount(accountId: AccountId, change: StoredAccountChange): Promise<void>;
  addWork(accountId: AccountId, work: AccountWork): Promise<void>;
  hasOperator(): Promise<boolean>;
  /** Uses up an invitation that is for an account: gives it the password, ends its sessions. Undefined where the code is good for nothing. */
  resetPassword(codeHash: string, passwordHash: string, nowMs: number): Promise<AccountId | undefined>;

  /** Of one account's sessions the newest `most` stay. */
  createSession(session: StoredSession, most: number): Promise<void>;
  session(sessionHash: string): Promise<StoredSession | undefined>;
  /** Newest first. */
  sessions(accountId: AccountId): Promise<readonly StoredSession[]>;
  sessionSeen(sessionHash: string, atMs: number): Promise<void>;
  endSession(accountId: AccountId, sessionId: string): Promise<boolean>;
  /** All but one, or all. */
  endSessions(accountId: AccountId, exceptHash?: string): Promise<void>;

  /** Answers false, and stores nothing, where the account has `most` tokens. */
  createToken(token: StoredToken, most: number): Promise<boolean>;
  token(tokenHash: string): Promise<StoredToken | undefined>;
  /** Newest first. */
  tokens(accountId: AccountId): Promise<readonly StoredToken[]>;
  tokenUsed(tokenHash: string, atMs: number): Promise<void>;
  revokeToken(accountId: AccountId, tokenId: string): Promise<boolean>;

  createInvitation(invitation: StoredInvitation): Promise<void>;
  /** One that is still good for something at `nowMs`. */
  invitation(codeHash: string, nowMs: number): Promise<StoredInvitation | undefined>;
  /** Newest first, those that are still good for something. */
  invitations(nowMs: number, limit: number): Promise<readonly StoredInvitation[]>;
  revokeInvitation(invitationId: string): Promise<boolean>;

  /** Keeps the newest `most` entries. */
  addAudit(entry: AuditEntry, most: number): Promise<void>;
  /** Newest first. */
  audit(filter: AuditFilter): Promise<readonly (AuditEntry & { readonly entryId: number })[]>;

  /** JSON texts by name. */
  settings(): Promise<ReadonlyMap<string, string>>;
  saveSettings(settings: ReadonlyMap<string, string>): Promise<void>;

  /** Removes sessions that were made, or not seen, before these times, and invitations that are over. */
  removeExpired(times: { readonly sessionsMadeBeforeMs: number; readonly sessionsSeenBeforeMs: number; readonly nowMs: number }): Promise<void>;
}
