import { useEffect } from "react";
import { Link } from "react-router";
import type { ComputeServerState } from "../../worker/host/compute-server-state.ts";
import { doubtSession } from "../api/session-doubt.ts";
import { useComputeServer } from "../contribute/ComputeServerProvider.tsx";

/** While this tab lends a hand, every page says so and leads to where it can be stopped. */
export function LendingIndicator() {
  const [, state] = useComputeServer();
  const { signInNeeded } = state;
  useEffect(() => {
    if (signInNeeded) doubtSession();
  }, [signInNeeded]);
  if (state.phase === "stopped") return null;
  return (
    <Link className="lending" to="/contribute" aria-label={`This tab: ${words(state)}. Look or stop`}>
      <span className="lending-light" data-phase={state.phase} data-working={state.running.length > 0} />
      {words(state)}
    </Link>
  );
}

function words({ phase, running }: ComputeServerState): string {
  switch (phase) {
    case "connecting": return "Connecting";
    case "paused": return "Paused";
    case "refused": return "Refused";
    case "registered": return running.length === 0 ? "Ready" : `${running.length} at work`;
    case "stopped": return "Stopped";
  }
}
