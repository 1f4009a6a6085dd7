import { Link } from "react-router";
import type { Job } from "../../protocol/http/job.ts";
import { formatAgo, formatDuration } from "../format/duration.ts";
import { formatCount, formatRate, formatShare } from "../format/quantity.ts";
import { useNow } from "../format/use-now.ts";
import { ProgressBar } from "./ProgressBar.tsx";
import { StateBadge } from "./StateBadge.tsx";

/** One job in the list. */
export function JobRow({ job }: { readonly job: Job }) {
  const now = useNow(10_000);
  return (
    <li className="job-row">
      <div className="job-row-name">
        <Link to={`/jobs/${job.jobId}`}>{job.name}</Link>
        <span className="mh-soft">{job.owner}, {formatAgo(job.createdAt, now)}</span>
      </div>
      <StateBadge state={job.state} />
      <div className="job-row-progress">
        <ProgressBar tasks={job.tasks} label={`Progress of ${job.name}`} />
        <span className="mh-soft">{formatShare(job.tasks.done, job.tasks.total)} of {formatCount(job.tasks.total)}{moreWords(job)}</span>
      </div>
    </li>
  );
}

function moreWords({ state, tasks, ratePerSecond, etaMs }: Job): string {
  const failed = tasks.failed > 0 ? `, ${formatCount(tasks.failed)} failed` : "";
  if (state !== "running") return failed;
  return `${failed}, ${formatRate(ratePerSecond)} a second${etaMs === null ? "" : `, ${formatDuration(etaMs)} left`}`;
}
