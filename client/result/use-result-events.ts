import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import type { Job } from "../../protocol/http/job.ts";
import type { IndexRange } from "../../protocol/index-range.ts";
import { parseJobEvent } from "../api/live-job.ts";
import { jobKeys } from "../api/queries.ts";
import { doubtSession } from "../api/session-doubt.ts";
import { eventsPath } from "./job-paths.ts";

/** The page shows a job's counts this often at most. */
const SHOW_MS = 250;

/**
 * Follows a job while `follow` is true: the query cache gets the job as it changes, and `onResults` the indexes that
 * became readable. The first ranges after the link opened may be all there are so far.
 */
export function useResultEvents(jobId: string, follow: boolean, onResults: (ranges: readonly IndexRange[]) => void): void {
  const client = useQueryClient();
  const tell = useEffectEvent(onResults);
  useEffect(() => {
    if (!follow) return;
    let job: Job | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      timer = undefined;
      if (job !== null) client.setQueryData(jobKeys.one(jobId), job);
    };
    const source = new EventSource(eventsPath(jobId));
    // The hub refused it: it stays closed, and the job itself says why, or that it is there after all.
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return;
      doubtSession();
      void client.invalidateQueries({ queryKey: jobKeys.one(jobId), exact: true });
    });
    for (const type of ["job", "results"] as const) {
      source.addEventListener(type, ({ data }: MessageEvent<string>) => {
        const event = parseJobEvent(type, data);
        if (event.type === "results") tell(event.ranges);
        if (event.type !== "job") return;
        job = event.job;
        timer ??= setTimeout(show, SHOW_MS);
      });
    }
    return () => {
      source.close();
      clearTimeout(timer);
      show();
    };
  }, [client, jobId, follow]);
}
