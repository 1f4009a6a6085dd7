import "./job-progress.css";
import { IconHourglass } from "@tabler/icons-react";
import type { Job } from "../../protocol/http/job.ts";
import { formatDuration } from "../format/duration.ts";
import { formatCount, formatRate, formatShare } from "../format/quantity.ts";
import { isEnded } from "./job-state.ts";
import { ProgressBar } from "./ProgressBar.tsx";

/** How far the job is, how fast it goes, and what it waits for. */
export function JobProgress({ job, now }: { readonly job: Job; readonly now: number }) {
  const { tasks } = job;
  return (
    <section className="mh-panel" aria-label="Progress">
      <div className="job-progress-head">
        <span className="mh-number">{formatShare(tasks.done, tasks.total)}</span>
        <span className="mh-soft">{formatCount(tasks.done)} of {formatCount(tasks.total)} tasks done{pace(job)}</span>
      </div>
      <ProgressBar tasks={tasks} label="Tasks done" />
      <dl className="job-counts">
        {isEnded(job.state) ? null : <Count name="running" value={formatCount(tasks.running)} />}
        {isEnded(job.state) && tasks.pending === 0 ? null : <Count name={isEnded(job.state) ? "never run" : "waiting"} value={formatCount(tasks.pending)} />}
        <Count name="failed" value={formatCount(tasks.failed)} />
        <Count name={isEnded(job.state) ? "took" : "running for"} value={job.startedAt === null ? "–" : formatDuration((job.endedAt ?? now) - job.startedAt)} />
      </dl>
      {job.waitingFor === null ? null : <p className="job-waiting"><IconHourglass size={18} aria-hidden="true" /> {job.waitingFor}</p>}
    </section>
  );
}

function pace({ state, ratePerSecond, etaMs }: Job): string {
  if (state !== "running") return "";
  const left = etaMs === null ? "" : `, about ${formatDuration(etaMs)} left`;
  return `, ${formatRate(ratePerSecond)} a second${left}`;
}

function Count({ name, value }: { readonly name: string; readonly value: string }) {
  return <div><dt>{name}</dt><dd>{value}</dd></div>;
}
