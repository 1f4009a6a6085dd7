import "./account.css";
import { Anchor } from "@mantine/core";
import { Link, Navigate, useSearchParams } from "react-router";
import { EmptyState } from "../layout/EmptyState.tsx";
import { Loading } from "../layout/Loading.tsx";
import { Page } from "../layout/Page.tsx";
import { NewAccountForm } from "./NewAccountForm.tsx";
import { safeNext } from "./next-path.ts";
import { useSession } from "./session.ts";

/** An account without an invitation, where the operator allows it. */
export default function SignUpPage() {
  const session = useSession();
  const [params] = useSearchParams();
  const next = safeNext(params.get("next"), location.origin);
  if (session === undefined) return <Loading what="the page" />;
  if (!session.accounts) return <Navigate to="/" replace />;
  if (session.account !== null) return <Navigate to={next} replace />;
  if (!session.signUp) {
    return (
      <Page title="Make an account">
        <EmptyState title="Accounts come by invitation here">
          <p>Ask the operator of this hub for a link. <Anchor component={Link} to="/sign-in">Sign in</Anchor> if you have an account.</p>
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page title="Make an account">
      <div className="account-narrow">
        <NewAccountForm invitation={null} next={next} />
        <p className="account-below">You have one? <Anchor component={Link} to="/sign-in">Sign in</Anchor>.</p>
      </div>
    </Page>
  );
}
