import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { Job } from "../../protocol/http/job.ts";
import { ChartView } from "./ChartView.tsx";
import { isEnded } from "../jobs/job-state.ts";
import { LivePicture } from "./LivePicture.tsx";
import { LoadedResults } from "./LoadedResults.tsx";
import { useResultEvents } from "./use-result-events.ts";

const CHART_PARTS = [{ value: "chart", label: "Chart" }, { value: "table", label: "Table" }];

/** The answer of a job in the form that its view asks for. */
export function JobResult({ job }: { readonly job: Job }) {
  const { view } = job;
  if (view === null) return <LoadedResults key={job.jobId} job={job} kind={null} />;
  switch (view.kind) {
    case "image": return <LivePicture job={job} picture={view} />;
    case "chart": return <ChartAndTable job={job} />;
    default: return <LoadedResults key={job.jobId} job={job} kind={view.kind} />;
  }
}

function ChartAndTable({ job }: { readonly job: Job }) {
  const [part, setPart] = useState("chart");
  return (
    <>
      <SegmentedControl value={part} onChange={setPart} data={CHART_PARTS} aria-label="Show as" style={{ justifySelf: "start" }} />
      {part === "chart" ? <LiveChart job={job} /> : <LoadedResults key={job.jobId} job={job} kind="table" />}
    </>
  );
}

/** The job's counts change with its events, and the chart's address with them. */
function LiveChart({ job }: { readonly job: Job }) {
  useResultEvents(job.jobId, !isEnded(job.state), () => undefined);
  return <ChartView job={job} />;
}
