import { hostname } from "node:os";
import { isAtLeast, type Account } from "../protocol/http/accounts.ts";
import type { MadeToken, Scope, TokenView } from "../protocol/http/accounts-tokens.ts";
import { LIMITS } from "../protocol/limits.ts";
import { AccountClient } from "../sdk/account-client.ts";
import { duration } from "./duration.ts";
import { printable } from "./printable.ts";
import { Questions } from "./questions.ts";
import { withSession } from "./session.ts";
import { tokenStore } from "./token-store.ts";

const DAY_MS = 86_400_000;

export interface NewTokenOptions {
  readonly hub: string;
  readonly name: string;
  readonly scope: readonly Scope[];
  /** Null: never. */
  readonly days: number | null;
}

/** `manyhands sign-in`: makes a token by name and password, and stores it for this hub. */
export async function signIn(hub: string, days: number | null): Promise<void> {
  const store = tokenStore();
  const before = await store.get(hub);
  const questions = new Questions();
  try {
    const [made, account] = await withSession(hub, questions, before?.account, async (client, account) => {
      const name = `manyhands on ${hostname()}`.slice(0, LIMITS.nameMaxChars);
      const token = await client.makeToken({ name, scopes: usualScopes(account), expiresInMs: lifeMs(days) });
      if (before?.account === account.name) await client.revokeToken(before.tokenId).catch(() => undefined); // it may have been revoked elsewhere
      return [token, account] as const;
    });
    await store.set(hub, { token: made.token, tokenId: made.tokenId, account: account.name });
    console.error(`Signed in to ${hub} as ${account.name}, ${account.role}: a token that ${life(made)} is in ${store.path}`);
  } finally {
    questions.close();
  }
}

/** `manyhands sign-out`: revokes that token and forgets it. */
export async function signOut(hub: string): Promise<void> {
  const store = tokenStore();
  const stored = await store.get(hub);
  if (stored === undefined) throw new Error(`Cannot sign out of ${hub}: nobody signed in there from here`);
  try {
    await new AccountClient(hub, { token: stored.token }).revokeToken(stored.tokenId);
  } finally {
    await store.remove(hub);
  }
  console.error(`Signed out of ${hub}: ${stored.account}'s token is revoked and forgotten`);
}

/** `manyhands token create`: the token alone on standard output. */
export async function createToken({ hub, name, scope, days }: NewTokenOptions): Promise<void> {
  const made = await asking(hub, (client, account) =>
    client.makeToken({ name, scopes: scope.length === 0 ? usualScopes(account) : [...scope], expiresInMs: lifeMs(days) }));
  console.error(`Token ${made.tokenId} may ${made.scopes.join(", ")} and ${life(made)}. It is shown this once:`);
  console.log(made.token);
}

/** `manyhands token list` */
export async function listTokens(hub: string): Promise<void> {
  const { tokens } = await asking(hub, (client) => client.tokens());
  if (tokens.length === 0) console.error("There are none. Make one with: manyhands token create NAME");
  for (const token of tokens) console.log(`${token.tokenId}  ${token.scopes.join(",").padEnd(19)}  ${used(token).padEnd(22)}  ${life(token).padEnd(20)}  ${printable(token.name)}`);
}

/** `manyhands token revoke` */
export async function revokeToken(hub: string, tokenId: string): Promise<void> {
  await asking(hub, (client) => client.revokeToken(tokenId));
  console.error(`Token ${tokenId} is revoked`);
}

async function asking<T>(hub: string, work: (client: AccountClient, account: Account) => Promise<T>): Promise<T> {
  const questions = new Questions();
  try {
    return await withSession(hub, questions, (await tokenStore().get(hub))?.account, work);
  } finally {
    questions.close();
  }
}

/** What the command line does from day to day. */
function usualScopes({ role }: Account): Scope[] {
  return isAtLeast(role, "submitter") ? ["read", "submit", "compute"] : ["read", "compute"];
}

function lifeMs(days: number | null): number | null {
  return days === null ? null : days * DAY_MS;
}

function life({ expiresAt }: Pick<MadeToken, "expiresAt">): string {
  if (expiresAt === null) return "does not expire";
  const left = expiresAt - Date.now();
  return left <= 0 ? "has expired" : `expires in ${duration(left)}`;
}

function used({ lastUsedAt }: TokenView): string {
  return lastUsedAt === null ? "not used yet" : `used ${duration(Math.max(0, Date.now() - lastUsedAt))} ago`;
}
