import { queryOptions, useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import type { Session } from "../../protocol/http/accounts.ts";
import { accounts } from "../api/hub.ts";

/** A session that ends elsewhere is noticed by the next call that is refused, or within this time. */
const ASKED_AGAIN_MS = 60_000;

export const sessionKey = ["session"] as const;
/** An invitation is nobody's: whoever has just used it up is not told so. */
export const invitationKey = "invitation";
const leftKey = [...sessionKey, "left"] as const;

export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: () => accounts.session(),
  staleTime: ASKED_AGAIN_MS / 2,
  refetchInterval: ({ state }) => (state.data?.accounts === false ? false : ASKED_AGAIN_MS),
});

/** Who uses this page, and what the hub offers; undefined until the hub has said so. */
export function useSession(): Session | undefined {
  return useQuery(sessionQuery).data;
}

/** Takes up what a sign-in or a sign-up answered. */
export function useTakeSession(): (session: Session) => void {
  const client = useQueryClient();
  return (session) => {
    // An answer that is on its way is of before.
    void client.cancelQueries({ queryKey: sessionKey });
    client.setQueryData(leftKey, false);
    client.setQueryData(sessionQuery.queryKey, session);
  };
}

/** Signs out in this browser, or everywhere. */
export function useSignOut(): { signOut: (where: "here" | "everywhere") => void; error: Error | null } {
  const client = useQueryClient();
  const { mutate, error } = useMutation({
    mutationFn: (where: "here" | "everywhere") => (where === "here" ? accounts.signOut() : accounts.signOutEverywhere()),
    onSuccess: () => {
      client.setQueryData(leftKey, true);
      return client.invalidateQueries({ queryKey: sessionQuery.queryKey, exact: true });
    },
  });
  return { signOut: mutate, error };
}

/** Whether the session ended because it was told to in this very page. */
export function wasLeft(client: QueryClient): boolean {
  return client.getQueryData(leftKey) === true;
}
