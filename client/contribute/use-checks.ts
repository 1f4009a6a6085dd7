import { useQuery } from "@tanstack/react-query";
import type { ComputeServerState } from "../../worker/host/compute-server-state.ts";
import { computeServerQuery } from "../api/queries.ts";

export interface Checks {
  readonly passed: number;
  readonly failed: number;
}

/** How many answers of this tab others were asked to confirm, and what came of it; null while none was. */
export function useChecks({ phase, computeServerId }: ComputeServerState): Checks | null {
  const { data } = useQuery({ ...computeServerQuery(computeServerId ?? ""), enabled: phase === "registered" && computeServerId !== null });
  if (data === undefined) return null;
  const { checksPassed: passed, checksFailed: failed } = data.statistics;
  return passed + failed === 0 ? null : { passed, failed };
}
