import "./chart-view.css";
import { Skeleton, Text } from "@mantine/core";
import type { Job } from "../../protocol/http/job.ts";
import { LIMITS } from "../../protocol/limits.ts";
import { formatCount } from "../format/quantity.ts";
import { EmptyState } from "../layout/EmptyState.tsx";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { picturePath } from "./job-paths.ts";
import { useFreshPicture } from "./use-fresh-picture.ts";

/** The job's chart as the hub draws it, drawn anew as results come. */
export function ChartView({ job }: { readonly job: Job }) {
  const { src, status, problem } = useFreshPicture(picturePath(job));
  if (status === "loading") return <Skeleton height={360} role="status" aria-label="Loading the chart" />;
  const notice = problem === null ? null : <ErrorNotice title={src === null ? "The chart cannot be shown" : "The chart may be old"} error={new Error(problem)} />;
  if (src === null) return notice ?? <EmptyState title="Nothing to draw yet">The chart appears with the first results.</EmptyState>;
  return (
    <>
      {notice}
      <div className="chart-view" role="region" aria-label="Chart" tabIndex={0}><img src={src} alt={`Chart of ${job.name}. The table holds the same numbers.`} /></div>
      {job.tasks.total <= LIMITS.chartRows ? null : (
        <Text size="sm" c="dimmed">Drawn from an even sample of at most {formatCount(LIMITS.chartRows)} results; the table and the downloads have every one.</Text>
      )}
    </>
  );
}
