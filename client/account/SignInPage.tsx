import "./account.css";
import { Anchor, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, Navigate, useLocation, useSearchParams } from "react-router";
import type { Session } from "../../protocol/http/accounts.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { accounts } from "../api/hub.ts";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { Loading } from "../layout/Loading.tsx";
import { Page } from "../layout/Page.tsx";
import { safeNext } from "./next-path.ts";
import { sessionQuery, useTakeSession } from "./session.ts";
import { whyHere } from "./why-here.ts";

/** What the single sign-on tells of its failure stands in the address: it is shown as such, and no longer than a sentence. */
const PROBLEM_CHARS = 300;
const REASONS = { ended: "Your session has ended. Sign in to go on where you were.", left: "You are signed out." } as const;

/** Leads back to `?next=` when it is done. */
export default function SignInPage() {
  const { data: session, error, refetch } = useQuery(sessionQuery);
  const [params] = useSearchParams();
  const next = safeNext(params.get("next"), location.origin);
  if (session === undefined && error !== null) {
    return <Page title="Sign in"><ErrorNotice title="Nobody can sign in now" error={error}><Button onClick={() => void refetch()}>Try again</Button></ErrorNotice></Page>;
  }
  if (session === undefined) return <Loading what="the sign-in" />;
  if (!session.accounts) return <Navigate to="/" replace />;
  if (session.account !== null) return <Navigate to={next} replace />;
  return <SignIn session={session} next={next} problem={params.get("problem")} />;
}

function SignIn({ session, next, problem }: { readonly session: Session; readonly next: string; readonly problem: string | null }) {
  const { state } = useLocation();
  const why = whyHere(state);
  const { oidc, signUp } = session;
  return (
    <Page title="Sign in" lead={session.volunteers === "anonymous" ? "To submit jobs and to see yours. Lending a hand needs no account here." : "To lend a hand, to submit jobs, and to see yours."}>
      <div className="account-narrow">
        {why === null ? null : <p className="account-notice" role="status">{REASONS[why]}</p>}
        {problem === null ? null : <ErrorNotice title="The single sign-on did not go through" error={new Error(problem.slice(0, PROBLEM_CHARS))} />}
        <PasswordForm />
        {oidc === null ? null : (
          <>
            <p className="account-or">or</p>
            <Button component="a" variant="default" size="md" fullWidth href={`/api/oidc/start?next=${encodeURIComponent(next)}`}>{oidc.label}</Button>
          </>
        )}
        <p className="account-below">
          {signUp
            ? <>No account yet? <Anchor component={Link} to={`/sign-up${next === "/" ? "" : `?next=${encodeURIComponent(next)}`}`}>Make one</Anchor>.</>
            : "No account yet, or the password forgotten? The operator of this hub gives links for both."}
        </p>
      </div>
    </Page>
  );
}

function PasswordForm() {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const take = useTakeSession();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => accounts.signIn({ name: name.trim(), password }),
    onSuccess: take,
    onError: () => setPassword(""),
  });
  return (
    <form
      className="mh-panel"
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <Stack gap="sm">
        {error === null ? null : <ErrorNotice title="You are not signed in" error={error} />}
        <TextInput label="Name" required autoComplete="username" autoCapitalize="none" spellCheck={false} maxLength={LIMITS.ownerMaxChars} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <PasswordInput label="Password" required autoComplete="current-password" maxLength={LIMITS.passwordMaxChars} value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
        <Button type="submit" fullWidth size="md" mt="xs" loading={isPending}>Sign in</Button>
      </Stack>
    </form>
  );
}
