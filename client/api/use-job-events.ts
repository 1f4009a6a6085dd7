import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { isEnded } from "../jobs/job-state.ts";
import { foldJobEvent, parseJobEvent, SILENT_JOB, type LiveJob } from "./live-job.ts";
import { eventsPath } from "../result/job-paths.ts";
import { jobKeys } from "./queries.ts";
import { doubtSession } from "./session-doubt.ts";

const EVENT_TYPES = ["job", "results", "log"] as const;
/** Pages change this often at most, however fast events come. */
const REFRESH_MS = 500;

/**
 * Follows a job by server-sent events and keeps the query cache fresh with them. Listens only while the page is seen
 * and `follow` is true: a browser has six connections to a host, and ten forgotten tabs must not use them up.
 */
export function useJobEvents(jobId: string, follow: boolean): LiveJob {
  const client = useQueryClient();
  const [live, setLive] = useState(SILENT_JOB);
  const seen = usePageSeen();
  useEffect(() => {
    if (!follow || !seen) return undefined;
    let current = SILENT_JOB;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let newResults = false;
    const show = () => {
      timer = undefined;
      setLive(current);
      if (current.job !== null) client.setQueryData(jobKeys.one(jobId), current.job);
      // What is asked no more once the job has ended is asked a last time.
      if (current.job !== null && isEnded(current.job.state)) void client.invalidateQueries({ queryKey: jobKeys.tasks(jobId) });
      if (newResults) void client.invalidateQueries({ queryKey: jobKeys.results(jobId) });
      newResults = false;
    };
    const source = new EventSource(eventsPath(jobId));
    // The hub refused it: it stays closed, and the job itself says why, or that it is there after all.
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return;
      doubtSession();
      void client.invalidateQueries({ queryKey: jobKeys.one(jobId), exact: true });
    });
    for (const type of EVENT_TYPES) {
      source.addEventListener(type, ({ data }: MessageEvent<string>) => {
        current = takeIn(current, type, data);
        newResults ||= type !== "log";
        timer ??= setTimeout(show, REFRESH_MS);
      });
    }
    return () => {
      source.close();
      clearTimeout(timer);
      if (timer !== undefined) show();
    };
  }, [client, jobId, follow, seen]);
  return live;
}

function takeIn(live: LiveJob, type: string, data: string): LiveJob {
  try {
    return foldJobEvent(live, parseJobEvent(type, data));
  } catch (error) {
    return { ...live, problem: error instanceof Error ? error.message : String(error) };
  }
}

function usePageSeen(): boolean {
  const [seen, setSeen] = useState(!document.hidden);
  useEffect(() => {
    const update = () => setSeen(!document.hidden);
    document.addEventListener("visibilitychange", update);
    return () => document.removeEventListener("visibilitychange", update);
  }, []);
  return seen;
}
