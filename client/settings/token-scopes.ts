import { isAtLeast, type Role } from "../../protocol/http/accounts.ts";
import { SCOPES, type Scope } from "../../protocol/http/accounts-tokens.ts";

interface ScopeWords {
  readonly label: string;
  readonly description: string;
  readonly role: Role;
}

export const SCOPE_WORDS: Readonly<Record<Scope, ScopeWords>> = {
  read: { label: "Read", description: "your jobs and their results", role: "volunteer" },
  submit: { label: "Submit", description: "jobs, and steer them", role: "submitter" },
  compute: { label: "Compute", description: "lend a hand in your name (manyhands join)", role: "volunteer" },
  admin: { label: "Operate", description: "what you may do to the hub and its people", role: "operator" },
};

/** What a token of an account with this role can be good for. */
export function scopesFor(role: Role): readonly Scope[] {
  return SCOPES.filter((scope) => isAtLeast(role, SCOPE_WORDS[scope].role));
}

/** What is ticked at first: enough for the command line's daily use. */
export function usualScopes(role: Role): readonly Scope[] {
  return scopesFor(role).filter((scope) => scope !== "admin");
}
