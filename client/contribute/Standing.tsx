import { Anchor } from "@mantine/core";
import { Link } from "react-router";
import type { Session } from "../../protocol/http/accounts.ts";

/** For whom this tab counts what it does, where the hub has accounts. */
export function Standing({ session }: { readonly session: Session | undefined }) {
  if (session === undefined || !session.accounts || !session.may.compute) return null;
  const { account } = session;
  if (account === null) {
    return (
      <p className="contribute-standing mh-soft">
        You lend a hand without an account, which is fine here. <Anchor component={Link} to="/sign-in?next=/contribute">Sign in</Anchor> to have it counted for you.
      </p>
    );
  }
  return (
    <p className="contribute-standing mh-soft">
      What this tab does is counted for <strong>{account.name}</strong>{account.vouched ? ", whose answers the operator vouches for" : ""}.{" "}
      <Anchor component={Link} to="/settings">All that you have given</Anchor>
    </p>
  );
}
