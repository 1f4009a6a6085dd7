import { QueryClient } from "@tanstack/react-query";
import { HubError } from "../../sdk/hub-error.ts";
import { sessionKey } from "../account/session.ts";
import { onSessionDoubt } from "./session-doubt.ts";

const RETRIES = 2;

export function createQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 1_000,
        // What the hub refused it refuses again; what did not reach it may reach it now.
        retry: (failures, error) => failures < RETRIES && error instanceof HubError && (error.status === 0 || error.status >= 500),
        // The hub may well be on this very machine: `navigator.onLine` says nothing about it.
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
  onSessionDoubt(() => void client.invalidateQueries({ queryKey: sessionKey }));
  return client;
}
