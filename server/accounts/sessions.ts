import type { Sessions as SessionList } from "../../protocol/http/accounts.ts";
import type { AccountStore, StoredAccount, StoredSession } from "../archive/account-store.ts";
import type { AccountId } from "../../protocol/ids.ts";
import { ACCOUNT_LIMITS } from "../limits.ts";
import { hashOf, newId, newSecret } from "./secrets.ts";

/** From where somebody signs in. */
export interface Whence {
  readonly address: string;
  readonly userAgent: string;
}

/** Who is signed in, in which browser. A session is known by a secret in a cookie, of which the archive has the hash. */
export class Sessions {
  readonly #store: AccountStore;
  readonly #now: () => number;

  constructor(store: AccountStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Begins one and answers its secret: always a new one, so that nobody can be given a session that another knows. */
  async begin(accountId: AccountId, { address, userAgent }: Whence): Promise<string> {
    const secret = newSecret();
    const now = this.#now();
    await this.#store.createSession({
      sessionHash: hashOf(secret), sessionId: newId(), accountId, createdAtMs: now, seenAtMs: now,
      address, userAgent: userAgent.slice(0, ACCOUNT_LIMITS.userAgentChars),
    }, ACCOUNT_LIMITS.sessionsPerAccount);
    return secret;
  }

  /** The session of this secret and its account, where both are good. */
  async find(secret: string): Promise<{ session: StoredSession; account: StoredAccount } | undefined> {
    const session = await this.#store.session(hashOf(secret));
    const now = this.#now();
    if (session === undefined || now >= endOf(session)) return undefined;
    const account = await this.#store.account(session.accountId);
    if (account === undefined || account.disabled) return undefined;
    if (now - session.seenAtMs >= ACCOUNT_LIMITS.seenEveryMs) await this.#store.sessionSeen(session.sessionHash, now);
    return { session, account };
  }

  /** Those of an account that are good. */
  async list(accountId: AccountId, currentId: string): Promise<SessionList> {
    const sessions = await this.#store.sessions(accountId);
    const now = this.#now();
    return {
      sessions: sessions.filter((session) => now < endOf(session)).map((session) => ({
        sessionId: session.sessionId, createdAt: session.createdAtMs, lastSeenAt: session.seenAtMs, expiresAt: endOf(session),
        address: session.address, userAgent: session.userAgent, current: session.sessionId === currentId,
      })),
    };
  }

  /** False where the account has no such session. */
  end(accountId: AccountId, sessionId: string): Promise<boolean> {
    return this.#store.endSession(accountId, sessionId);
  }

  endAll(accountId: AccountId): Promise<void> {
    return this.#store.endSessions(accountId);
  }

  async removeExpired(): Promise<void> {
    const now = this.#now();
    await this.#store.removeExpired({ sessionsMadeBeforeMs: now - ACCOUNT_LIMITS.sessionMs, sessionsSeenBeforeMs: now - ACCOUNT_LIMITS.sessionIdleMs, nowMs: now });
  }
}

function endOf({ createdAtMs, seenAtMs }: StoredSession): number {
  return Math.min(createdAtMs + ACCOUNT_LIMITS.sessionMs, seenAtMs + ACCOUNT_LIMITS.sessionIdleMs);
}
