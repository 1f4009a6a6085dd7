import { queryOptions } from "@tanstack/react-query";
import { accounts } from "../api/hub.ts";

export const sessionsKey = ["sessions"] as const;
export const tokensKey = ["tokens"] as const;

export const sessionsQuery = queryOptions({ queryKey: sessionsKey, queryFn: async () => (await accounts.sessions()).sessions });
export const tokensQuery = queryOptions({ queryKey: tokensKey, queryFn: async () => (await accounts.tokens()).tokens });
