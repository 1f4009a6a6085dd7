import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, Navigate, useLocation } from "react-router";
import { isAtLeast, type Role } from "../../protocol/http/accounts.ts";
import { EmptyState } from "../layout/EmptyState.tsx";
import { Loading } from "../layout/Loading.tsx";
import { Page } from "../layout/Page.tsx";
import { signInPath } from "./next-path.ts";
import { sessionQuery } from "./session.ts";

interface Props {
  /** The least role for which this page has anything. */
  readonly least: Role;
  readonly title: string;
  readonly children: ReactNode;
}

/** A page for who is signed in: others sign in and come back. Where the hub has no accounts everybody sees it. */
export function NeedsAccount({ least, title, children }: Props) {
  const { data: session, error } = useQuery(sessionQuery);
  const location = useLocation();
  // A hub that cannot be reached is told by the page itself, with what it asks in vain.
  if (session === undefined) return error === null ? <Loading what="the page" lines={6} /> : children;
  if (!session.accounts) return children;
  if (session.account === null) return <Navigate to={signInPath(location)} replace />;
  if (isAtLeast(session.account.role, least)) return children;
  return (
    <Page title={title}>
      <EmptyState title={least === "operator" ? "This page is for operators" : "This page is for who submits jobs"}>
        <p>You are signed in as {session.account.name}, {session.account.role}. An operator of this hub can give you another role.</p>
        <Button component={Link} to="/" variant="default">To the first page</Button>
      </EmptyState>
    </Page>
  );
}
