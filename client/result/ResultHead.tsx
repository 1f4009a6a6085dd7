import "./result-head.css";
import { Anchor, Button, Group } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Link } from "react-router";
import type { Job } from "../../protocol/http/job.ts";
import { useSession } from "../account/session.ts";
import { formatAgo, formatDuration } from "../format/duration.ts";
import { formatCount, formatRate, formatShare } from "../format/quantity.ts";
import { useNow } from "../format/use-now.ts";
import { isEnded } from "../jobs/job-state.ts";
import { ProgressBar } from "../jobs/ProgressBar.tsx";
import { StateBadge } from "../jobs/StateBadge.tsx";
import { jobPage } from "./job-paths.ts";
import { CopyLink } from "./CopyLink.tsx";
import { Downloads } from "./Downloads.tsx";

const ShareButton = lazy(() => import("../sharing/ShareButton.tsx"));

/** What this is the answer to: state, who, when, how long, and how to take it along. */
export function ResultHead({ job }: { readonly job: Job }) {
  const { tasks } = job;
  const ended = isEnded(job.state);
  const session = useSession();
  return (
    <div className="result-head">
      <Group justify="space-between" gap="sm">
        <ul className="result-facts">
          <li><StateBadge state={job.state} /></li>
          <Facts job={job} />
        </ul>
        <Group gap={6}>
          {session?.accounts === true && job.maySteer && job.visibility !== "public"
            ? <Suspense fallback={null}><ShareButton job={job} /></Suspense>
            : <CopyLink />}
          <Downloads job={job} />
          <Button component={Link} to={jobPage(job.jobId)} variant="default" px="xs">The job</Button>
        </Group>
      </Group>
      {ended && tasks.done === tasks.total ? null : (
        <div>
          <ProgressBar tasks={tasks} label="Tasks done" />
          <p className="result-progress">
            {formatCount(tasks.done)} of {formatCount(tasks.total)} tasks done ({formatShare(tasks.done, tasks.total)})
            {tasks.failed > 0 ? `, ${formatCount(tasks.failed)} failed` : ""}
            {job.state === "running" ? ` · ${formatRate(job.ratePerSecond)} a second` : ""}
            {job.state === "running" && job.etaMs !== null ? ` · about ${formatDuration(job.etaMs)} left` : ""}
          </p>
          {job.waitingFor === null ? null : <p className="result-progress">{job.waitingFor}</p>}
        </div>
      )}
      {job.tags.length === 0 ? null : (
        <Group gap="xs" component="ul" className="result-tags" aria-label="Tags">
          {job.tags.map((tag) => <li key={tag}><Anchor component={Link} to={`/gallery?tag=${encodeURIComponent(tag)}`}>#{tag}</Anchor></li>)}
        </Group>
      )}
    </div>
  );
}

function Facts({ job }: { readonly job: Job }) {
  const now = useNow(1_000);
  const { startedAt, endedAt } = job;
  return (
    <>
      <li>by {job.owner}</li>
      <li><time dateTime={new Date(job.createdAt).toISOString()} title={new Date(job.createdAt).toLocaleString()}>{formatAgo(job.createdAt, now)}</time></li>
      <li>{formatCount(job.tasks.total)} {job.tasks.total === 1 ? "task" : "tasks"}</li>
      {startedAt === null ? null : <li>{endedAt === null ? "running for" : "took"} {formatDuration((endedAt ?? now) - startedAt)}</li>}
    </>
  );
}
