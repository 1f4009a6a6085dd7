import {
  accountSchema, accountsSchema, sessionSchema, sessionsSchema,
  type Account, type AccountChange, type Accounts, type OwnAccountChange, type PasswordChange, type Session, type Sessions, type SignIn, type SignUp,
} from "../protocol/http/accounts.ts";
import {
  invitationOfferSchema, invitationsSchema, madeInvitationSchema,
  type InvitationOffer, type Invitations, type MadeInvitation, type NewInvitation, type PasswordReset,
} from "../protocol/http/accounts-invitations.ts";
import { auditSchema, settingsSchema, type Audit, type Settings, type SettingsChange } from "../protocol/http/accounts-operation.ts";
import { madeTokenSchema, tokensSchema, type MadeToken, type NewToken, type Tokens } from "../protocol/http/accounts-tokens.ts";
import { HubTransport, jsonBody, type TransportOptions } from "./hub-transport.ts";

export interface AccountsFilter {
  /** Part of a name. */
  readonly q?: string;
  readonly cursor?: string;
  readonly limit?: number;
}

export interface AuditFilter {
  readonly account?: string;
  readonly action?: string;
  readonly cursor?: string;
  readonly limit?: number;
}

/** A hub's calls about accounts: who asks, their sessions and tokens, and what the operator does. Throws HubError. */
export class AccountClient {
  readonly #transport: HubTransport;

  /** `baseUrl` as for HubClient. */
  constructor(baseUrl: string, options: TransportOptions = {}) {
    this.#transport = new HubTransport(baseUrl, options);
  }

  /** Who asks, and what this hub offers. */
  session(): Promise<Session> {
    return this.#transport.json(sessionSchema, { purpose: "ask who is signed in", path: "/api/session" });
  }

  signIn(who: SignIn): Promise<Session> {
    return this.#transport.json(sessionSchema, { purpose: "sign in", path: "/api/session", init: jsonBody("POST", who) });
  }

  async signOut(): Promise<void> {
    await this.#transport.text({ purpose: "sign out", path: "/api/session", init: { method: "DELETE" } });
  }

  signUp(who: SignUp): Promise<Session> {
    return this.#transport.json(sessionSchema, { purpose: "make an account", path: "/api/accounts", init: jsonBody("POST", who) });
  }

  changeOwnAccount(change: OwnAccountChange): Promise<Account> {
    return this.#transport.json(accountSchema, { purpose: "change this account", path: "/api/account", init: jsonBody("PUT", change) });
  }

  /** Ends every other session of the account. */
  async changePassword(change: PasswordChange): Promise<void> {
    await this.#transport.text({ purpose: "change the password", path: "/api/account/password", init: jsonBody("PUT", change) });
  }

  /** A new password by an operator's link; signs in. */
  resetPassword(reset: PasswordReset): Promise<Session> {
    return this.#transport.json(sessionSchema, { purpose: "set the password", path: "/api/password", init: jsonBody("POST", reset) });
  }

  sessions(): Promise<Sessions> {
    return this.#transport.json(sessionsSchema, { purpose: "list sessions", path: "/api/sessions" });
  }

  async endSession(sessionId: string): Promise<void> {
    await this.#transport.text({ purpose: "end this session", path: `/api/sessions/${encodeURIComponent(sessionId)}`, init: { method: "DELETE" } });
  }

  /** Here, too. */
  async signOutEverywhere(): Promise<void> {
    await this.#transport.text({ purpose: "sign out everywhere", path: "/api/sessions", init: { method: "DELETE" } });
  }

  tokens(): Promise<Tokens> {
    return this.#transport.json(tokensSchema, { purpose: "list tokens", path: "/api/tokens" });
  }

  /** The one time that the token itself is told. */
  makeToken(token: NewToken): Promise<MadeToken> {
    return this.#transport.json(madeTokenSchema, { purpose: `make token "${token.name}"`, path: "/api/tokens", init: jsonBody("POST", token) });
  }

  async revokeToken(tokenId: string): Promise<void> {
    await this.#transport.text({ purpose: "revoke this token", path: `/api/tokens/${encodeURIComponent(tokenId)}`, init: { method: "DELETE" } });
  }

  /** What the code of an invitation is good for. */
  checkInvitation(code: string): Promise<InvitationOffer> {
    return this.#transport.json(invitationOfferSchema, { purpose: "read this invitation", path: "/api/invitations/check", init: jsonBody("POST", { code }) });
  }

  accounts(filter: AccountsFilter = {}): Promise<Accounts> {
    return this.#transport.json(accountsSchema, { purpose: "list accounts", path: "/api/accounts", query: { ...filter } });
  }

  changeAccount(accountId: string, change: AccountChange): Promise<Account> {
    return this.#transport.json(accountSchema, { purpose: "change this account", path: `/api/accounts/${encodeURIComponent(accountId)}`, init: jsonBody("PUT", change) });
  }

  /** A link by which the account's owner sets a new password. */
  makePasswordLink(accountId: string): Promise<MadeInvitation> {
    return this.#transport.json(madeInvitationSchema, {
      purpose: "make a password link", path: `/api/accounts/${encodeURIComponent(accountId)}/password-link`, init: { method: "POST" },
    });
  }

  invitations(): Promise<Invitations> {
    return this.#transport.json(invitationsSchema, { purpose: "list invitations", path: "/api/invitations" });
  }

  invite(invitation: NewInvitation): Promise<MadeInvitation> {
    return this.#transport.json(madeInvitationSchema, { purpose: "make an invitation", path: "/api/invitations", init: jsonBody("POST", invitation) });
  }

  async revokeInvitation(invitationId: string): Promise<void> {
    await this.#transport.text({ purpose: "revoke this invitation", path: `/api/invitations/${encodeURIComponent(invitationId)}`, init: { method: "DELETE" } });
  }

  settings(): Promise<Settings> {
    return this.#transport.json(settingsSchema, { purpose: "read the hub's settings", path: "/api/settings" });
  }

  changeSettings(change: SettingsChange): Promise<Settings> {
    return this.#transport.json(settingsSchema, { purpose: "change the hub's settings", path: "/api/settings", init: jsonBody("PUT", change) });
  }

  audit(filter: AuditFilter = {}): Promise<Audit> {
    return this.#transport.json(auditSchema, { purpose: "read the audit log", path: "/api/audit", query: { ...filter } });
  }
}
