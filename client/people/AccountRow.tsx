import { Button, Checkbox, NativeSelect } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ROLES, roleSchema, type Account, type AccountChange } from "../../protocol/http/accounts.ts";
import { sessionKey, useSession } from "../account/session.ts";
import { accounts } from "../api/hub.ts";
import { formatAgo, formatDuration } from "../format/duration.ts";
import { formatQuantity } from "../format/quantity.ts";
import { useNow } from "../format/use-now.ts";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { MadeLink } from "./MadeLink.tsx";
import { peopleKeys } from "./people-queries.ts";

/** One account. Every change holds at once. */
export function AccountRow({ account }: { readonly account: Account }) {
  const me = useSession()?.account?.accountId === account.accountId;
  const client = useQueryClient();
  const now = useNow(60_000);
  const change = useMutation({
    mutationFn: (changes: AccountChange) => accounts.changeAccount(account.accountId, changes),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: peopleKeys.accounts });
      if (me) await client.invalidateQueries({ queryKey: sessionKey });
    },
  });
  const link = useMutation({ mutationFn: () => accounts.makePasswordLink(account.accountId) });
  const { name, role, email, work, disabled, lastSignInAt, hasPassword, vouched, invited } = account;
  const facts = [
    ...(email === null ? [] : [email]),
    lastSignInAt === null ? "never signed in" : `signed in ${formatAgo(lastSignInAt, Math.max(now, lastSignInAt))}`,
    ...(hasPassword ? [] : ["by single sign-on"]),
    ...(work.tasksCompleted === 0 ? [] : [`${formatQuantity(work.tasksCompleted, "task")} done in ${formatDuration(work.totalTimeMs)}`]),
  ];
  const problem = change.error ?? link.error;
  return (
    <li data-disabled={disabled}>
      <div className="people-who">
        <span className="people-name">{name}</span>{me ? " (you)" : ""}{disabled ? " (cannot sign in)" : ""}
        <p>{facts.join(", ")}</p>
      </div>
      <div className="people-switches">
        <NativeSelect
          aria-label={`Role of ${name}`}
          size="xs"
          data={[...ROLES]}
          value={role}
          disabled={change.isPending}
          onChange={(event) => change.mutate({ role: roleSchema.parse(event.currentTarget.value) })}
        />
        <Checkbox label="invited" checked={invited} disabled={change.isPending} aria-label={`${name} is invited to lend a hand`} onChange={(event) => change.mutate({ invited: event.currentTarget.checked })} />
        <Checkbox label="vouched for" checked={vouched} disabled={change.isPending} aria-label={`You vouch for what ${name}'s Compute Servers answer`} onChange={(event) => change.mutate({ vouched: event.currentTarget.checked })} />
      </div>
      <div className="people-switches">
        <Button variant="default" size="xs" loading={link.isPending} disabled={disabled} onClick={() => link.mutate()} aria-label={`Make a password link for ${name}`}>Password link</Button>
        <Button variant="default" size="xs" loading={change.isPending} disabled={me} onClick={() => change.mutate({ disabled: !disabled })} aria-label={`${disabled ? "Enable" : "Disable"} ${name}`}>{disabled ? "Enable" : "Disable"}</Button>
      </div>
      {problem === null ? null : <ErrorNotice title="It was not done" error={problem} />}
      {link.data === undefined ? null : <MadeLink what={`Whoever opens this link sets a new password for ${name}.`} made={link.data} onSeen={() => link.reset()} />}
    </li>
  );
}
