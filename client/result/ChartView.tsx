import "./chart-view.css";
import { Skeleton } from "@mantine/core";
import type { Job } from "../../protocol/http/job.ts";
import { EmptyState } from "../layout/EmptyState.tsx";
import { picturePath } from "./job-paths.ts";
import { useFreshPicture } from "./use-fresh-picture.ts";

/** The job's chart as the hub draws it, drawn anew as results come. */
export function ChartView({ job }: { readonly job: Job }) {
  const { src, status } = useFreshPicture(picturePath(job));
  if (src !== null) return <div className="chart-view" role="region" aria-label="Chart" tabIndex={0}><img src={src} alt={`Chart of ${job.name}. The table holds the same numbers.`} /></div>;
  if (status === "loading") return <Skeleton height={360} aria-label="Loading the chart" />;
  return <EmptyState title="Nothing to draw yet">The chart appears with the first results.</EmptyState>;
}
