import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { accounts } from "../api/hub.ts";

export const peopleKeys = {
  accounts: ["people", "accounts"],
  invitations: ["people", "invitations"],
  settings: ["people", "settings"],
  audit: ["people", "audit"],
} as const;

const AUDIT_PAGE = 50;

/** Accounts whose name holds these letters. */
export function accountsQuery(q: string) {
  return infiniteQueryOptions({
    queryKey: [...peopleKeys.accounts, q],
    queryFn: ({ pageParam }) => accounts.accounts({ ...(q === "" ? {} : { q }), ...(pageParam === null ? {} : { cursor: pageParam }) }),
    initialPageParam: firstPage(),
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** The log, newest first; of one account where its name is given. */
export function auditQuery(account: string) {
  return infiniteQueryOptions({
    queryKey: [...peopleKeys.audit, account],
    queryFn: ({ pageParam }) => accounts.audit({ limit: AUDIT_PAGE, ...(account === "" ? {} : { account }), ...(pageParam === null ? {} : { cursor: pageParam }) }),
    initialPageParam: firstPage(),
    getNextPageParam: (page) => page.nextCursor,
  });
}

export const invitationsQuery = queryOptions({ queryKey: peopleKeys.invitations, queryFn: async () => (await accounts.invitations()).invitations });
export const settingsQuery = queryOptions({ queryKey: peopleKeys.settings, queryFn: () => accounts.settings() });

function firstPage(): string | null {
  return null;
}
