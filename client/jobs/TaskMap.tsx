import "./task-map.css";
import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Job } from "../../protocol/http/job.ts";
import { taskMapQuery } from "../api/queries.ts";
import { formatCount, formatQuantity } from "../format/quantity.ts";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { isEnded } from "./job-state.ts";
import { MapCanvas } from "./MapCanvas.tsx";
import { MAP_BUCKETS, mapInWords } from "./task-map-layout.ts";

/** The whole job as tiles in index order. One tile is one task, or an equal stretch of them. */
export function TaskMap({ job }: { readonly job: Job }) {
  const { data: map, error } = useQuery({ ...taskMapQuery(job.jobId, MAP_BUCKETS, isEnded(job.state)), placeholderData: keepPreviousData });
  const { ref, width } = useElementSize();
  const scheme = useComputedColorScheme("light");
  const first = map?.buckets[0];
  const bucketTasks = first === undefined ? 1 : first.to - first.from;
  return (
    <section className="mh-panel" aria-labelledby="map">
      <h2 id="map">Tasks</h2>
      {error === null ? null : <ErrorNotice title="The map cannot be shown" error={error} />}
      <div ref={ref}>{map === undefined ? null : <MapCanvas key={scheme} map={map} width={width} />}</div>
      {map === undefined ? null : <p className="mh-visually-hidden">{mapInWords(job.tasks, map)}</p>}
      <p className="job-map-key mh-soft" aria-hidden="true">
        <span data-state="done">done</span> <span data-state="running">running</span> <span data-state="failed">failed</span> <span data-state="pending">waiting</span>
        <span className="job-map-scale">{bucketTasks === 1 ? "one tile a task" : `one tile about ${formatQuantity(bucketTasks, "task")}`}, {formatCount(job.tasks.total)} in all</span>
      </p>
    </section>
  );
}
