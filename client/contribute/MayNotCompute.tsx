import { Button } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { Link } from "react-router";
import type { Session } from "../../protocol/http/accounts.ts";
import { volunteersInWords } from "../account/role-words.ts";

/** In the place of the switch, where the operator wants other Compute Servers than this one. */
export function MayNotCompute({ session }: { readonly session: Session }) {
  const { account, volunteers, signUp } = session;
  return (
    <section className="mh-panel contribute-switch" aria-label="Start and stop">
      <IconLock size={34} stroke={1.4} aria-hidden="true" color="var(--mh-soft)" />
      <p className="contribute-phase">{account === null ? "Sign in to lend a hand" : "Not with this account"}</p>
      <p className="mh-soft contribute-notice">
        {volunteersInWords(volunteers)}{" "}
        {account === null ? "Nothing of this computer is used." : `You are signed in as ${account.name}; an operator of this hub can invite you.`}
      </p>
      {account === null ? <Button component={Link} to="/sign-in?next=/contribute" size="xl" fullWidth>Sign in</Button> : null}
      {account === null && signUp ? <Button component={Link} to="/sign-up?next=/contribute" variant="default" fullWidth mt="xs">Make an account</Button> : null}
    </section>
  );
}
