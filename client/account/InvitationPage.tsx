import "./account.css";
import { Anchor, Button, Stack } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, Navigate, useLocation, useNavigate } from "react-router";
import { passwordSchema } from "../../protocol/http/accounts.ts";
import type { InvitationOffer } from "../../protocol/http/accounts-invitations.ts";
import { HubError } from "../../sdk/hub-error.ts";
import { accounts } from "../api/hub.ts";
import { formatDuration } from "../format/duration.ts";
import { useNow } from "../format/use-now.ts";
import { EmptyState } from "../layout/EmptyState.tsx";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { Loading } from "../layout/Loading.tsx";
import { Page } from "../layout/Page.tsx";
import { NewAccountForm, NewPasswordInput } from "./NewAccountForm.tsx";
import { roleInWords } from "./role-words.ts";
import { invitationKey, useSession, useTakeSession } from "./session.ts";

/** Where an invitation leads. Its code is the address's fragment: that part reaches no server's log and no other site. */
export default function InvitationPage() {
  const session = useSession();
  const code = useLocation().hash.slice(1);
  const { data: offer, error, refetch } = useQuery({
    // The check changes nothing, and is asked again with the page's focus, so that a link that ends says so.
    queryKey: [invitationKey, code], queryFn: () => accounts.checkInvitation(code), enabled: code !== "" && session?.accounts === true, retry: false,
  });
  if (session?.accounts === false) return <Navigate to="/" replace />;
  if (code === "" || (error instanceof HubError && (error.status === 404 || error.status === 400))) return <UsedUp />;
  if (error !== null && offer === undefined) {
    return <Page title="Invitation"><ErrorNotice title="The invitation cannot be read now" error={error}><Button onClick={() => void refetch()}>Try again</Button></ErrorNotice></Page>;
  }
  if (session === undefined || offer === undefined) return <Loading what="the invitation" lines={5} />;
  return offer.purpose === "password" ? <NewPassword code={code} offer={offer} /> : <Welcome code={code} offer={offer} signedInAs={session.account?.name ?? null} />;
}

function UsedUp() {
  return (
    <Page title="Invitation">
      <EmptyState title="This link is good for nothing any more">
        <p>
          It was used, taken back, or its time is over; or a part of it got lost on its way. Ask whoever gave it to you for
          another one, or <Anchor component={Link} to="/sign-in">sign in</Anchor> if you have an account.
        </p>
      </EmptyState>
    </Page>
  );
}

function Welcome({ code, offer, signedInAs }: { readonly code: string; readonly offer: InvitationOffer; readonly signedInAs: string | null }) {
  return (
    <Page title="Welcome" lead={<>You are invited to this hub as {roleInWords(offer.role)}. <Ends at={offer.expiresAt} /></>}>
      <div className="account-narrow">
        {signedInAs === null ? null : <p className="account-notice" role="status">You are signed in as {signedInAs}. With this link you make another account and go on as that one.</p>}
        <NewAccountForm invitation={code} next={offer.role === "operator" ? "/people" : offer.role === "submitter" ? "/submit" : "/contribute"} />
        {signedInAs === null ? <p className="account-below">You have an account? <Anchor component={Link} to="/sign-in">Sign in</Anchor>.</p> : null}
      </div>
    </Page>
  );
}

function NewPassword({ code, offer }: { readonly code: string; readonly offer: InvitationOffer }) {
  const [password, setPassword] = useState("");
  const [checked, setChecked] = useState(false);
  const take = useTakeSession();
  const navigate = useNavigate();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => accounts.resetPassword({ code, newPassword: password }),
    onSuccess: async (session) => {
      take(session);
      await navigate("/", { replace: true });
    },
  });
  return (
    <Page title="A new password" lead={<>For the account {offer.forAccount}. Every other session of it ends. <Ends at={offer.expiresAt} /></>}>
      <form
        className="mh-panel account-narrow"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setChecked(true);
          if (passwordSchema.safeParse(password).success) mutate();
        }}
      >
        <Stack gap="sm">
          {error === null ? null : <ErrorNotice title="The password was not set" error={error} />}
          <input type="text" autoComplete="username" value={offer.forAccount ?? ""} readOnly hidden />
          <NewPasswordInput label="New password" checked={checked} value={password} onChange={setPassword} />
          <Button type="submit" fullWidth size="md" loading={isPending}>Set it, and sign in</Button>
        </Stack>
      </form>
    </Page>
  );
}

function Ends({ at }: { readonly at: number }) {
  const now = useNow(1_000);
  return <>The link is good for {formatDuration(at - now)} more.</>;
}
