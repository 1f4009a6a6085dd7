import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { emailSchema, type Account } from "../../protocol/http/accounts.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { sessionKey } from "../account/session.ts";
import { accounts } from "../api/hub.ts";
import { formatDuration } from "../format/duration.ts";
import { formatCount } from "../format/quantity.ts";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";

/** Who one is here, and what one's Compute Servers have given. */
export function AccountFacts({ account }: { readonly account: Account }) {
  const { work } = account;
  return (
    <section className="mh-panel" aria-labelledby="account">
      <h3 id="account" className="settings-title">{account.name}</h3>
      <dl className="settings-facts">
        <Fact name="Role" value={account.role} />
        <Fact name="Tasks done" value={`${formatCount(work.tasksCompleted)}${work.tasksFailed === 0 ? "" : `, and ${formatCount(work.tasksFailed)} failed`}`} />
        <Fact name="Time given" value={work.totalTimeMs === 0 ? "none yet" : formatDuration(work.totalTimeMs)} />
        {account.vouched ? <Fact name="Answers" value="the operator vouches for them" /> : null}
      </dl>
      <Email key={account.email} account={account} />
    </section>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return <div><dt>{name}</dt><dd>{value}</dd></div>;
}

function Email({ account }: { readonly account: Account }) {
  const [email, setEmail] = useState(account.email ?? "");
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => accounts.changeOwnAccount({ email: email === "" ? null : email }),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionKey }),
  });
  const fits = email === "" || emailSchema.safeParse(email).success;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (fits) mutate();
      }}
    >
      <TextInput
        label="Mail address"
        description="For the operator to reach you; nobody else sees it"
        type="email"
        autoComplete="email"
        maxLength={LIMITS.emailMaxChars}
        error={fits ? undefined : "This is no mail address"}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      {error === null ? null : <ErrorNotice title="It was not changed" error={error} />}
      {email === (account.email ?? "") ? null : <Button type="submit" variant="default" mt="sm" disabled={!fits} loading={isPending}>Save</Button>}
    </form>
  );
}
