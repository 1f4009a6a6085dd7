import { Button, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { InvitationView, MadeInvitation } from "../../protocol/http/accounts-invitations.ts";
import { accounts } from "../api/hub.ts";
import { formatAgo, formatDuration } from "../format/duration.ts";
import { formatQuantity } from "../format/quantity.ts";
import { useNow } from "../format/use-now.ts";
import { EmptyState } from "../layout/EmptyState.tsx";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { Loading } from "../layout/Loading.tsx";
import { MadeLink } from "./MadeLink.tsx";
import { NewInvitationForm } from "./NewInvitationForm.tsx";
import { invitationsQuery, peopleKeys } from "./people-queries.ts";

/** Links by which people come, and those that are open. */
export function Invitations() {
  const { data: invitations, error } = useQuery(invitationsQuery);
  const [made, setMade] = useState<MadeInvitation | null>(null);
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: peopleKeys.invitations });
  const { mutate: revoke, isPending, error: notRevoked } = useMutation({
    mutationFn: (invitationId: string) => accounts.revokeInvitation(invitationId),
    onSettled: refresh,
  });
  const problem = error ?? notRevoked;
  return (
    <Stack gap="md">
      <section className="mh-panel" aria-labelledby="invite">
        <h2 id="invite">Invite somebody</h2>
        <NewInvitationForm
          onMade={(invitation) => {
            setMade(invitation);
            void refresh();
          }}
        />
        {made === null ? null : <MadeLink what={`With this link ${formatQuantity(made.usesLeft, "person", "people")} can make an account, as ${made.role}.`} made={made} onSeen={() => setMade(null)} />}
      </section>
      {problem === null ? null : <ErrorNotice title="Not all went through" error={problem} />}
      {invitations === undefined && error === null ? <Loading what="the invitations" /> : null}
      {invitations?.length === 0 ? <EmptyState title="No link is open">Those that you make are listed here until they are used up, taken back, or over.</EmptyState> : null}
      {invitations === undefined || invitations.length === 0 ? null : (
        <ul className="people-list" aria-label="Open links">{invitations.map((one) => <Invitation key={one.invitationId} invitation={one} busy={isPending} onRevoke={() => revoke(one.invitationId)} />)}</ul>
      )}
    </Stack>
  );
}

function Invitation({ invitation, busy, onRevoke }: { readonly invitation: InvitationView; readonly busy: boolean; readonly onRevoke: () => void }) {
  const now = useNow(10_000);
  const { purpose, role, usesLeft, expiresAt, note, createdBy, createdAt, forAccount } = invitation;
  const what = purpose === "password" ? `A new password for ${forAccount ?? "an account"}` : `An account as ${role}`;
  return (
    <li>
      <div className="people-who">
        <span className="people-name">{note === "" ? what : note}</span>
        <p>{note === "" ? "" : `${what}, `}made {formatAgo(createdAt, now)} by {createdBy ?? "the hub"}</p>
      </div>
      <span className="mh-soft">{formatQuantity(usesLeft, "use")} left, for {formatDuration(expiresAt - now)}</span>
      <Button variant="default" size="xs" loading={busy} aria-label={`Take back: ${note === "" ? what : note}`} onClick={onRevoke}>Take back</Button>
    </li>
  );
}
