import { useQuery } from "@tanstack/react-query";
import type { ComputeServerState } from "../../worker/host/compute-server-state.ts";
import { computeServerQuery } from "../api/queries.ts";

/** Why the hub has no work for this tab, in words; null while it has, and where the hub does not say. */
export function useIdleReason({ phase, running, computeServerId }: ComputeServerState): string | null {
  const idle = phase === "registered" && running.length === 0 && computeServerId !== null;
  const { data } = useQuery({ ...computeServerQuery(computeServerId ?? ""), enabled: idle });
  return idle ? (data?.waitingFor ?? null) : null;
}
