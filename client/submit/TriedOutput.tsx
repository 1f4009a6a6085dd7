import "./tried-output.css";
import { Text } from "@mantine/core";
import type { GridPulse } from "../../protocol/http/registry.ts";
import { formatDuration } from "../format/duration.ts";
import { formatQuantity } from "../format/quantity.ts";
import { inferView } from "../result/infer-view.ts";
import { OutputsView } from "../result/OutputsView.tsx";
import { TileView } from "../result/TileView.tsx";
import { estimateJob } from "./estimate.ts";
import type { TriedTask } from "./try-job.ts";

interface Props {
  readonly tried: TriedTask;
  readonly grid: GridPulse | undefined;
}

/** What the tried task gave, how long it took, and what that means for the whole job. */
export function TriedOutput({ tried, grid }: Props) {
  const output = { index: tried.index, value: tried.output };
  const { view } = tried;
  return (
    <div className="tried-output">
      <p aria-live="polite">
        Task {tried.index} took <b>{formatDuration(tried.durationMs)}</b> here. {grid === undefined ? "" : inWords(tried, grid.slots)}
      </p>
      {view?.kind === "image"
        ? <TileView output={output} picture={view} />
        : <OutputsView kind={view === null || view.kind === "chart" ? inferView([output], 1) : view.kind} outputs={[output]} />}
      {view?.kind === "chart" ? <Text size="sm" c="dimmed">The chart is drawn from the outputs of all tasks, once the job runs.</Text> : null}
      {tried.logs.length === 0 ? null : <details><summary>{formatQuantity(tried.logs.length, "line")} logged</summary><pre>{tried.logs.join("\n")}</pre></details>}
    </div>
  );
}

function inWords({ durationMs, tasks }: TriedTask, slots: number): string {
  const { oneSlotMs, gridMs } = estimateJob(durationMs, tasks, slots);
  const all = `All ${formatQuantity(tasks, "task")} take about ${formatDuration(oneSlotMs)} one after the other`;
  if (gridMs === null) return `${all}. No Slot is here right now: the job waits until somebody lends a hand.`;
  return `${all}, about ${formatDuration(gridMs)} on the ${formatQuantity(slots, "Slot")} that are here now.`;
}
