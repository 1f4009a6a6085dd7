import type { IncomingMessage } from "node:http";
import { GridError } from "../../protocol/grid-error.ts";
import type { Volunteers } from "../../protocol/http/accounts.ts";
import type { AccountId } from "../../protocol/ids.ts";
import { isSecure, type ProxyOptions } from "../http/client-address.ts";
import type { Accounts } from "./accounts.ts";
import { linkCredentialsOf } from "./credentials.ts";
import type { Principal } from "./principal.ts";

/** Who lends a hand over a link. */
export interface Volunteer {
  /** Null: nobody is signed in. */
  readonly accountId: AccountId | null;
  /** The operator vouches for what it answers. */
  readonly vouched: boolean;
}

/** Why this one may not lend a hand, in words; null where it may. */
export function whyMayNotCompute(principal: Principal, volunteers: Volunteers): string | null {
  if (principal.kind === "local") return null;
  if (principal.kind === "anonymous") {
    if (principal.badToken) return "Cannot lend a hand with this token: it is none of this hub, is over, or was revoked.";
    return volunteers === "anonymous" ? null : "Cannot lend a hand without an account: this hub takes volunteers who are signed in. Sign in, then start again.";
  }
  if (!principal.scopes.includes("compute")) return 'Cannot lend a hand with this token: it lacks the scope "compute".';
  const isInvited = principal.account.invited || principal.role === "operator";
  return volunteers === "invited" && !isInvited ? "Cannot lend a hand with this account: this hub takes invited volunteers. Ask its operator." : null;
}

export function volunteerOf(principal: Principal): Volunteer {
  switch (principal.kind) {
    // Of a hub without accounts too: a job that asks for more than first answers there shall get it.
    case "local": case "anonymous": return { accountId: null, vouched: false };
    case "account": return { accountId: principal.accountId, vouched: principal.account.vouched };
  }
}

/** Who opens a link by this request. Throws GridError "forbidden" with words for who may not. */
export async function admitVolunteer(accounts: Accounts | null, request: IncomingMessage, proxies: ProxyOptions): Promise<Volunteer> {
  const principal: Principal = accounts === null ? { kind: "local" } : await accounts.principal(linkCredentialsOf(request.headers, isSecure(request, proxies)));
  const why = accounts === null ? null : whyMayNotCompute(principal, accounts.settings.now.volunteers);
  if (why !== null) throw new GridError("forbidden", why);
  return volunteerOf(principal);
}
