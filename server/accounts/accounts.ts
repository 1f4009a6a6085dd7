import { GridError } from "../../protocol/grid-error.ts";
import type { PasswordReset } from "../../protocol/http/accounts-invitations.ts";
import type { Account, PasswordChange, Role, Session, SignIn, SignUp, Volunteers } from "../../protocol/http/accounts.ts";
import { accountIdSchema, ownerSchema } from "../../protocol/ids.ts";
import type { AccountStore, NewAccount, StoredAccount } from "../archive/account-store.ts";
import { Attempts } from "./attempts.ts";
import { AuditLog } from "./audit-log.ts";
import type { Credentials } from "./credentials.ts";
import { HubSettings } from "./hub-settings.ts";
import { Invitations } from "./invitations.ts";
import type { OpenId, OpenIdPerson } from "./open-id.ts";
import { Passwords } from "./passwords.ts";
import { ALL_SCOPES, LOCAL_OWNER, mayDo, isOperator, type AccountPrincipal, type Principal } from "./principal.ts";
import { hashOf, newId } from "./secrets.ts";
import { Sessions, type Whence } from "./sessions.ts";
import { Tokens } from "./tokens.ts";
import { whyMayNotCompute } from "./volunteers.ts";

/** Taken by the hub itself, so that nobody passes for it. */
const RESERVED_NAMES: ReadonlySet<string> = new Set([LOCAL_OWNER, "anonymous", "hub", "manyhands", "operator"]);
/** Other names that are tried for a person of the single sign-on whose own is taken. */
const NAME_TRIES = 50;

export interface AccountsOptions {
  /** As the command line fixes it; null: the operator's setting. */
  readonly volunteers: Volunteers | null;
  readonly openId: OpenId | null;
  /** Unix ms. */
  readonly now?: () => number;
}

/** Somebody who has just signed in, with the secret of the new session. */
export interface SignedIn {
  readonly account: StoredAccount;
  readonly secret: string;
}

/** The accounts of a hub: who people are, how they show it, and what is written down of it. */
export class Accounts {
  readonly store: AccountStore;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly invitations: Invitations;
  readonly audit: AuditLog;
  readonly settings: HubSettings;
  readonly openId: OpenId | null;
  readonly #attempts = new Attempts();
  readonly #passwords = new Passwords();
  readonly #now: () => number;

  private constructor(store: AccountStore, settings: HubSettings, { openId, now = Date.now }: AccountsOptions) {
    this.store = store;
    this.settings = settings;
    this.openId = openId;
    this.#now = now;
    this.sessions = new Sessions(store, now);
    this.tokens = new Tokens(store, now);
    this.invitations = new Invitations(store, now);
    this.audit = new AuditLog(store);
  }

  static async open(store: AccountStore, options: AccountsOptions): Promise<Accounts> {
    const accounts = new Accounts(store, await HubSettings.load(store, options.volunteers), options);
    await accounts.sessions.removeExpired();
    return accounts;
  }

  /** Who shows these. A token counts before a cookie, and one that is no good is not made up for by a cookie. */
  async principal({ token, session }: Credentials): Promise<Principal> {
    if (token !== undefined) {
      const found = await this.tokens.find(token);
      return found === undefined ? { kind: "anonymous", badToken: true } : principalOf(found.account, "token", found.token.scopes, found.token.tokenId);
    }
    const found = session === undefined ? undefined : await this.sessions.find(session);
    return found === undefined ? { kind: "anonymous", badToken: false } : principalOf(found.account, "session", ALL_SCOPES, found.session.sessionId);
  }

  /** Throws GridError "unauthorized", the same for every name, "too-many-requests" and "unavailable". */
  async signIn({ name, password }: SignIn, whence: Whence): Promise<SignedIn> {
    await this.#attempts.signIn(name, whence.address);
    const account = await this.store.accountByName(name.trim().toLowerCase());
    const right = await this.#passwords.verify(password, account === undefined || account.disabled ? null : account.passwordHash);
    if (!right || account === undefined) {
      // What stands there may be a password, typed into the wrong field: of a name that is none it is not kept.
      await this.audit.note(NOBODY, whence.address, { action: "sign-in-failed", target: account?.name ?? "", detail: account === undefined ? "a name that nobody has" : "" });
      throw new GridError("unauthorized", "Cannot sign in: the name or the password is wrong");
    }
    await this.#attempts.signedIn(name, whence.address);
    return await this.#begin(account, whence, "by password");
  }

  /** Throws GridError "conflict" where the name is taken, "forbidden" without an invitation where there must be one, "not-found" for a bad one. */
  async signUp({ name, password, email, invitation }: SignUp, whence: Whence): Promise<SignedIn> {
    await this.#attempts.signUp(whence.address);
    const settings = this.settings.now;
    if (invitation === undefined && !settings.signUp) throw new GridError("forbidden", "Cannot make an account: this hub takes people by invitation. Ask its operator for a link.");
    const offer = invitation === undefined ? undefined : await this.#offer(invitation);
    // The work comes first, so that a name that is taken is answered no faster than one that is free.
    const passwordHash = await this.#passwords.hash(password);
    const account = await this.#create(name, offer?.role ?? settings.signUpRole, { email: email ?? null, passwordHash, invited: offer !== undefined, subject: null }, invitation);
    await this.audit.note(NOBODY, whence.address, { action: "sign-up", target: name, detail: offer === undefined ? "without an invitation" : `by an invitation as ${offer.role}` });
    return await this.#begin(account, whence, "after signing up");
  }

  /** Somebody whom the single sign-on vouches for: an account is made the first time. Throws GridError "forbidden" for a disabled one. */
  async signInByOpenId(person: OpenIdPerson, role: Role, whence: Whence): Promise<SignedIn> {
    const known = await this.store.accountBySubject(person.subject);
    if (known?.disabled === true) throw new GridError("forbidden", "Cannot sign in: the operator has disabled this account");
    return await this.#begin(known ?? await this.#createForPerson(person, role, whence), whence, "by single sign-on");
  }

  /** Ends every session, and begins a new one. Throws GridError "forbidden" for a wrong current password. */
  async changePassword({ account, name }: AccountPrincipal, { currentPassword, newPassword }: PasswordChange, whence: Whence): Promise<SignedIn> {
    if (account.passwordHash !== null) {
      await this.#attempts.signIn(name, whence.address);
      if (!(await this.#passwords.verify(currentPassword ?? "", account.passwordHash))) {
        throw new GridError("forbidden", "Cannot change the password: the current one is wrong");
      }
      await this.#attempts.signedIn(name, whence.address);
    }
    await this.store.changeAccount(account.accountId, { passwordHash: await this.#passwords.hash(newPassword) });
    await this.sessions.endAll(account.accountId);
    return await this.#begin(account, whence, "after changing the password");
  }

  /** By a code that the operator gave. Throws GridError "not-found" for one that is good for nothing. */
  async resetPassword({ code, newPassword }: PasswordReset, whence: Whence): Promise<SignedIn> {
    await this.#attempts.code(whence.address);
    const passwordHash = await this.#passwords.hash(newPassword);
    const accountId = await this.store.resetPassword(hashOf(code), passwordHash, this.#now());
    const account = accountId === undefined ? undefined : await this.store.account(accountId);
    if (account === undefined || account.disabled) throw badCode();
    await this.audit.note(NOBODY, whence.address, { action: "password-reset", target: account.name });
    return await this.#begin(account, whence, "after a new password");
  }

  /** What a code is good for. Throws GridError "not-found", and "too-many-requests" for who guesses. */
  async checkCode(code: string, { address }: Whence) {
    await this.#attempts.code(address);
    return await this.#offer(code);
  }

  /** What `GET /api/session` answers. */
  sessionOf(principal: Principal): Session {
    const { signUp, volunteers } = this.settings.now;
    return {
      accounts: true,
      account: principal.kind === "account" ? viewAccount(principal.account) : null,
      signUp, volunteers,
      oidc: this.openId === null ? null : { label: this.openId.label },
      may: {
        compute: whyMayNotCompute(principal, volunteers) === null,
        submit: mayDo(principal, "submitter", "submit"),
        operate: isOperator(principal),
      },
    };
  }

  async #begin(account: StoredAccount, whence: Whence, how: string): Promise<SignedIn> {
    await this.store.changeAccount(account.accountId, { lastSignInAtMs: this.#now() });
    const secret = await this.sessions.begin(account.accountId, whence);
    await this.audit.note(principalOf(account, "session", ALL_SCOPES, ""), whence.address, { action: "sign-in", detail: how });
    return { account: await this.store.account(account.accountId) ?? account, secret };
  }

  async #offer(code: string) {
    const offer = await this.invitations.offer(code);
    if (offer === undefined) throw badCode();
    return offer;
  }

  async #createForPerson(person: OpenIdPerson, role: Role, whence: Whence): Promise<StoredAccount> {
    for (let n = 1; n <= NAME_TRIES; n++) {
      const name = n === 1 ? person.name : `${person.name}-${n}`;
      if (RESERVED_NAMES.has(name) || (await this.store.accountByName(name)) !== undefined) continue;
      const account = await this.#create(name, role, { email: person.email, passwordHash: null, invited: false, subject: person.subject }, undefined);
      await this.audit.note(NOBODY, whence.address, { action: "sign-up", target: name, detail: `by single sign-on as ${role}` });
      return account;
    }
    throw new GridError("conflict", `Cannot make an account for ${person.name}: ${NAME_TRIES} names like it are taken. Ask the operator.`);
  }

  async #create(
    name: string, role: Role, more: Pick<NewAccount, "email" | "passwordHash" | "invited" | "subject">, invitation: string | undefined,
  ): Promise<StoredAccount> {
    if (RESERVED_NAMES.has(name)) throw nameTaken(name);
    // Who runs the hub is believed anyway, and alone on it: without this the first job would wait for strangers to agree.
    const vouched = role === "operator";
    const account: NewAccount = { ...more, accountId: accountIdSchema.parse(newId()), name: ownerSchema.parse(name), role, vouched, createdAtMs: this.#now() };
    try {
      await this.store.createAccount(account, invitation === undefined ? undefined : { codeHash: hashOf(invitation), nowMs: this.#now() });
    } catch (error) {
      if (error instanceof GridError && error.kind === "conflict") throw nameTaken(name);
      throw error;
    }
    const stored = await this.store.account(account.accountId);
    if (stored === undefined) throw new Error(`Cannot find the account ${name} that was just made`);
    return stored;
  }
}

const NOBODY: Principal = { kind: "anonymous", badToken: false };

/** As its owner and the operator see it. */
export function viewAccount(account: StoredAccount): Account {
  const { accountId, name, role, email, invited, vouched, disabled, tasksCompleted, tasksFailed, totalTimeMs } = account;
  return {
    accountId, name, role, email, invited, vouched, disabled, hasPassword: account.passwordHash !== null,
    createdAt: account.createdAtMs, lastSignInAt: account.lastSignInAtMs, work: { tasksCompleted, tasksFailed, totalTimeMs },
  };
}

function principalOf(account: StoredAccount, via: "session" | "token", scopes: AccountPrincipal["scopes"], credentialId: string): AccountPrincipal {
  return { kind: "account", accountId: account.accountId, name: account.name, role: account.role, via, scopes, credentialId, account };
}

function badCode(): GridError {
  return new GridError("not-found", "Cannot use this code: it was used up, revoked, or is over. Ask for a new link.");
}

function nameTaken(name: string): GridError {
  return new GridError("conflict", `Cannot make the account ${name}: this name is taken. Choose another.`);
}
