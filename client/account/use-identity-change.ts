import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef } from "react";
import { useLocation, useNavigate } from "react-router";
import { useComputeServer } from "../contribute/ComputeServerProvider.tsx";
import { signInPath } from "./next-path.ts";
import { invitationKey, sessionKey, useSession, wasLeft } from "./session.ts";
import { ENDED, LEFT } from "./why-here.ts";

/**
 * When somebody signs in or out, here, in another tab or by the session's end: nothing of one person's is shown to the
 * next, this tab's Compute Server works for who is there now, and who was signed out is led to where to sign in again.
 */
export function useIdentityChange(): void {
  const session = useSession();
  const client = useQueryClient();
  const location = useLocation();
  const navigate = useNavigate();
  const [tab] = useComputeServer();
  const known = useRef<string | null | undefined>(undefined);
  const accountId = session === undefined ? undefined : session.account?.accountId ?? null;
  const changed = useEffectEvent((before: string | null) => {
    void client.resetQueries({ predicate: ({ queryKey: [what] }) => what !== sessionKey[0] && what !== invitationKey });
    tab.restart();
    if (before === null || accountId !== null) return;
    if (wasLeft(client)) void navigate("/sign-in", { state: LEFT });
    else void navigate(signInPath(location), { state: ENDED });
  });
  useEffect(() => {
    const before = known.current;
    if (accountId === undefined || accountId === before) return;
    known.current = accountId;
    if (before !== undefined) changed(before);
  }, [accountId]);
}
