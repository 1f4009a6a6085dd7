import { GridError } from "../../protocol/grid-error.ts";
import type { MadeToken, NewToken, Scope, TokenView } from "../../protocol/http/accounts-tokens.ts";
import { isAtLeast, type Role } from "../../protocol/http/accounts.ts";
import type { AccountId } from "../../protocol/ids.ts";
import type { AccountStore, StoredAccount, StoredToken } from "../archive/account-store.ts";
import { ACCOUNT_LIMITS } from "../limits.ts";
import { hashOf, newId, newSecret } from "./secrets.ts";

/** So that a token is known for what it is, by people and by programs that look for lost secrets. */
const PREFIX = "mh_";
const ROLE_OF_SCOPE: Readonly<Record<Scope, Role>> = { read: "volunteer", compute: "volunteer", submit: "submitter", admin: "operator" };

/** API tokens: for programs, in the place of a password. Of each the archive has the hash. */
export class Tokens {
  readonly #store: AccountStore;
  readonly #now: () => number;

  constructor(store: AccountStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Throws GridError "invalid-request" for a scope beyond the account's role, "conflict" where it has too many. */
  async make({ accountId, role }: StoredAccount, { name, scopes, expiresInMs }: NewToken): Promise<MadeToken> {
    const beyond = scopes.find((scope) => !isAtLeast(role, ROLE_OF_SCOPE[scope]));
    if (beyond !== undefined) {
      throw new GridError("invalid-request", `Cannot make a token for "${beyond}": your account is a ${role}, and a token can do no more than its account`);
    }
    const token = PREFIX + newSecret();
    const now = this.#now();
    const stored: StoredToken = {
      tokenHash: hashOf(token), tokenId: newId(), accountId, name, scopes: [...new Set(scopes)], createdAtMs: now,
      expiresAtMs: expiresInMs === null ? null : now + expiresInMs, usedAtMs: null,
    };
    if (!(await this.#store.createToken(stored, ACCOUNT_LIMITS.tokensPerAccount))) {
      throw new GridError("conflict", `Cannot make another token: there are ${ACCOUNT_LIMITS.tokensPerAccount}. Revoke one that is not needed any more.`);
    }
    return { ...viewOf(stored), token };
  }

  /** The token and its account, where both are good. */
  async find(token: string): Promise<{ token: StoredToken; account: StoredAccount } | undefined> {
    if (!token.startsWith(PREFIX)) return undefined;
    const stored = await this.#store.token(hashOf(token));
    const now = this.#now();
    if (stored === undefined || (stored.expiresAtMs !== null && now >= stored.expiresAtMs)) return undefined;
    const account = await this.#store.account(stored.accountId);
    if (account === undefined || account.disabled) return undefined;
    if (now - (stored.usedAtMs ?? -Infinity) >= ACCOUNT_LIMITS.seenEveryMs) await this.#store.tokenUsed(stored.tokenHash, now);
    return { token: stored, account };
  }

  async list(accountId: AccountId): Promise<TokenView[]> {
    return (await this.#store.tokens(accountId)).map(viewOf);
  }

  /** False where the account has no such token. */
  revoke(accountId: AccountId, tokenId: string): Promise<boolean> {
    return this.#store.revokeToken(accountId, tokenId);
  }
}

function viewOf({ tokenId, name, scopes, createdAtMs, expiresAtMs, usedAtMs }: StoredToken): TokenView {
  return { tokenId, name, scopes: [...scopes], createdAt: createdAtMs, expiresAt: expiresAtMs, lastUsedAt: usedAtMs };
}
