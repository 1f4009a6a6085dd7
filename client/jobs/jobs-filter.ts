import { jobStateSchema } from "../../protocol/http/job.ts";
import type { JobsFilter } from "../../sdk/hub-client.ts";

const PAGE_JOBS = 25;

/** What the address asks the list for. What it cannot mean is left out. */
export function jobsFilter(params: URLSearchParams): JobsFilter {
  const state = jobStateSchema.safeParse(params.get("state"));
  const q = params.get("q")?.trim() ?? "";
  const cursor = params.get("cursor") ?? "";
  return {
    limit: PAGE_JOBS,
    ...(state.success ? { state: state.data } : {}),
    ...(q === "" ? {} : { q }),
    ...(cursor === "" ? {} : { cursor }),
  };
}
