import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { GalleryFilter, JobsFilter } from "../../sdk/hub-client.ts";
import { isEnded } from "../jobs/job-state.ts";
import { hub } from "./hub.ts";
import { readResultLines } from "./result-lines.ts";

// Every question that a page asks the hub, with how often it is asked again. A hidden page asks nothing.

const LIVE_MS = 2_000;
const SLOW_MS = 10_000;

export const jobKeys = {
  all: ["jobs"],
  one: (jobId: string) => ["jobs", jobId],
  tasks: (jobId: string) => ["jobs", jobId, "tasks"],
  sharing: (jobId: string) => ["sharing", jobId],
  results: (jobId: string) => ["jobs", jobId, "results"],
} as const;

export const gridQuery = queryOptions({ queryKey: ["grid"], queryFn: () => hub.grid(), refetchInterval: LIVE_MS });

export const loadBalancersQuery = queryOptions({
  queryKey: ["load-balancers"], queryFn: () => hub.loadBalancers(), refetchInterval: LIVE_MS,
});

export const computeServersQuery = queryOptions({
  queryKey: ["compute-servers"], queryFn: () => hub.computeServers(), refetchInterval: LIVE_MS,
});

/** They are of the hub's program: a page that is loaded keeps them. */
export const policiesQuery = queryOptions({ queryKey: ["policies"], queryFn: () => hub.policies(), staleTime: Infinity });

/** One Compute Server, slowly: every tab that lends a hand asks after itself. */
export function computeServerQuery(computeServerId: string) {
  return queryOptions({ queryKey: ["compute-servers", computeServerId], queryFn: () => hub.computeServer(computeServerId), refetchInterval: SLOW_MS });
}

export function jobsQuery(filter: JobsFilter) {
  return queryOptions({ queryKey: [...jobKeys.all, "list", filter], queryFn: () => hub.jobs(filter), refetchInterval: LIVE_MS * 2 });
}

/** One job. While it runs, `useJobEvents` keeps it fresh; the slow poll also notices a retry from elsewhere. */
export function jobQuery(jobId: string) {
  return queryOptions({ queryKey: jobKeys.one(jobId), queryFn: () => hub.job(jobId), refetchInterval: SLOW_MS });
}

/** Who may see a job, for who may steer it. */
export function sharingQuery(jobId: string) {
  return queryOptions({ queryKey: jobKeys.sharing(jobId), queryFn: () => hub.sharing(jobId) });
}

export function taskMapQuery(jobId: string, buckets: number, ended: boolean) {
  return queryOptions({
    queryKey: [...jobKeys.tasks(jobId), buckets],
    queryFn: () => hub.taskMap(jobId, buckets),
    refetchInterval: ended ? false : LIVE_MS,
  });
}

/** A few result lines between two indexes, cut to what a page can show. */
export function resultLinesQuery(jobId: string, from: number, to: number) {
  return queryOptions({
    queryKey: [...jobKeys.results(jobId), from, to],
    queryFn: () => readResultLines(hub.results(jobId, { from, to, failures: true })),
  });
}


/** Public jobs, newest first, page after page. Asked again slowly while one of them runs. */
export function galleryQuery(filter: Omit<GalleryFilter, "cursor"> = {}) {
  return infiniteQueryOptions({
    queryKey: ["gallery", filter],
    queryFn: ({ pageParam }) => hub.gallery({ ...filter, ...(pageParam === null ? {} : { cursor: pageParam }) }),
    initialPageParam: firstPage(),
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some((job) => !isEnded(job.state))) === true ? SLOW_MS : false,
  });
}

function firstPage(): string | null {
  return null;
}
