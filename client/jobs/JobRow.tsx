import "./jobs.css";
import { Link } from "react-router";
import type { Job } from "../../protocol/http/job.ts";
import { useSession } from "../account/session.ts";
import { formatAgo, formatDuration } from "../format/duration.ts";
import { formatCount, formatQuantity, formatRate, formatShare } from "../format/quantity.ts";
import { useNow } from "../format/use-now.ts";
import { visibilityInWords } from "../sharing/visibility-words.ts";
import { ProgressBar } from "./ProgressBar.tsx";
import { StateBadge } from "./StateBadge.tsx";

/** One job in the list. */
export function JobRow({ job }: { readonly job: Job }) {
  const now = useNow(10_000);
  const session = useSession();
  return (
    <li className="job-row">
      <div className="job-row-name">
        <Link to={`/jobs/${job.jobId}`}>{job.name}</Link>
        <span className="mh-soft">{job.owner}, {formatAgo(job.createdAt, now)}{session?.accounts === true ? `, ${visibilityInWords(job.visibility)}` : ""}</span>
      </div>
      <StateBadge state={job.state} />
      <div className="job-row-progress">
        <ProgressBar tasks={job.tasks} label={`Progress of ${job.name}`} />
        <span className="mh-soft">{progressInWords(job)}</span>
      </div>
    </li>
  );
}

function progressInWords({ state, tasks, ratePerSecond, etaMs, startedAt, endedAt }: Job): string {
  const whole = tasks.done === tasks.total ? formatQuantity(tasks.total, "task") : `${formatShare(tasks.done, tasks.total)} of ${formatQuantity(tasks.total, "task")}`;
  const words = [whole];
  if (tasks.failed > 0) words.push(`${formatCount(tasks.failed)} failed`);
  if (state === "running" && ratePerSecond > 0) words.push(`${formatRate(ratePerSecond)} a second`);
  if (state === "running" && etaMs !== null) words.push(`${formatDuration(etaMs)} left`);
  if (startedAt !== null && endedAt !== null) words.push(`took ${formatDuration(endedAt - startedAt)}`);
  return words.join(", ");
}
