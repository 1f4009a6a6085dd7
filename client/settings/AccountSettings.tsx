import "./account-settings.css";
import type { Account } from "../../protocol/http/accounts.ts";
import { AccountFacts } from "./AccountFacts.tsx";
import { PasswordChange } from "./PasswordChange.tsx";
import { SessionList } from "./SessionList.tsx";
import { Tokens } from "./Tokens.tsx";

/** All that belongs to who is signed in. */
export default function AccountSettings({ account }: { readonly account: Account }) {
  return (
    <>
      <h2 className="settings-part">Your account</h2>
      <div className="settings-account">
        <AccountFacts account={account} />
        <PasswordChange account={account} />
        <div className="settings-wide"><Tokens account={account} /></div>
        <div className="settings-wide"><SessionList /></div>
      </div>
    </>
  );
}
