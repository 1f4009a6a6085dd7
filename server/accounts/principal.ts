import type { Scope } from "../../protocol/http/accounts-tokens.ts";
import { SCOPES } from "../../protocol/http/accounts-tokens.ts";
import { isAtLeast, type Role } from "../../protocol/http/accounts.ts";
import { ownerSchema, type AccountId, type Owner } from "../../protocol/ids.ts";
import type { StoredAccount } from "../archive/account-store.ts";

/** Who owns what is submitted where nobody signs in: on loopback, whoever sits at this machine. */
export const LOCAL_OWNER = ownerSchema.parse("local");

export interface AccountPrincipal {
  readonly kind: "account";
  readonly accountId: AccountId;
  readonly name: Owner;
  readonly role: Role;
  readonly via: "session" | "token";
  readonly scopes: readonly Scope[];
  /** Of the session or the token that was shown. */
  readonly credentialId: string;
  readonly account: StoredAccount;
}

/**
 * Who asks. `local`: a hub without accounts, where everybody may do everything. `anonymous`: nobody is signed in;
 * with `badToken` a token was shown that is none, is over or was revoked.
 */
export type Principal =
  | { readonly kind: "local" }
  | { readonly kind: "anonymous"; readonly badToken: boolean }
  | AccountPrincipal;

export const ALL_SCOPES: readonly Scope[] = SCOPES;

/** Whether the account's role and the token's scope both allow it. */
export function mayDo(principal: Principal, role: Role, scope: Scope): boolean {
  if (principal.kind === "local") return true;
  return principal.kind === "account" && isAtLeast(principal.role, role) && principal.scopes.includes(scope);
}

/** Whether it may do what the operator does. A token can, of an operator, with the scope `admin`. */
export function isOperator(principal: Principal): boolean {
  return mayDo(principal, "operator", "admin");
}

/** The name under which it owns jobs; null: it can own none. */
export function ownerOf(principal: Principal): Owner | null {
  switch (principal.kind) {
    case "local": return LOCAL_OWNER;
    case "account": return principal.name;
    case "anonymous": return null;
  }
}
