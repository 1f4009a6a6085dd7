import "./account-corner.css";
import { Button } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Link, useLocation } from "react-router";
import { signInPath } from "../account/next-path.ts";
import { useSession } from "../account/session.ts";

const AccountMenu = lazy(() => import("../account/AccountMenu.tsx"));

/** Who uses this page, where the hub has accounts; nothing where it has none. */
export function AccountCorner() {
  const session = useSession();
  const location = useLocation();
  if (session === undefined || !session.accounts) return null;
  if (session.account === null) return <Button component={Link} to={signInPath(location)} variant="default" px="sm">Sign in</Button>;
  return <Suspense fallback={null}><AccountMenu account={session.account} /></Suspense>;
}
