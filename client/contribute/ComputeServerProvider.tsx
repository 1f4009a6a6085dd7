import { createContext, use, useSyncExternalStore, type ReactNode } from "react";
import type { ComputeServerHandle, ComputeServerState } from "../../worker/host/compute-server-state.ts";
import { hub } from "../api/hub.ts";
import { settingsStore } from "../settings/settings-store.ts";
import { suggestedName } from "../settings/settings.ts";
import { chosenSlots, TabComputeServer } from "./tab-compute-server.ts";

// One a tab, above the router and above React itself: a page that is left does not end it.
const tabComputeServer = new TabComputeServer(settingsStore, loadComputeServer);
const TabComputeServerContext = createContext(tabComputeServer);

export function ComputeServerProvider({ children }: { readonly children: ReactNode }) {
  return <TabComputeServerContext value={tabComputeServer}>{children}</TabComputeServerContext>;
}

/** The Compute Server of this tab, and its state now. */
export function useComputeServer(): readonly [TabComputeServer, ComputeServerState] {
  const tab = use(TabComputeServerContext);
  return [tab, useSyncExternalStore(tab.subscribe, tab.state)];
}

async function loadComputeServer(): Promise<ComputeServerHandle> {
  const [{ createComputeServer }, { sandboxOrigin }] = await Promise.all([import("../../worker/host/compute-server.ts"), hub.grid()]);
  const { computeServerName, cpuShare, keepComputingInBackground } = settingsStore.read();
  return createComputeServer({
    hubUrl: location.origin,
    name: computeServerName === "" ? suggestedName(navigator.userAgent) : computeServerName,
    slots: chosenSlots(settingsStore),
    cpuShare,
    keepComputingInBackground,
    sandboxOrigin,
  });
}
