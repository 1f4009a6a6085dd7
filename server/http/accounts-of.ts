import type { Accounts } from "../accounts/accounts.ts";
import { noAccounts } from "./access.ts";

/** The hub's accounts. Throws GridError "not-found" on a hub that has none. */
export function accountsOf({ accounts }: { readonly accounts: Accounts | null }): Accounts {
  if (accounts === null) throw noAccounts();
  return accounts;
}
