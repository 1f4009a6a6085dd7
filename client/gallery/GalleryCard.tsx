import { Skeleton } from "@mantine/core";
import { Link } from "react-router";
import type { Job } from "../../protocol/http/job.ts";
import { formatAgo } from "../format/duration.ts";
import { formatQuantity, formatShare } from "../format/quantity.ts";
import { useNow } from "../format/use-now.ts";
import { isEnded } from "../jobs/job-state.ts";
import { StateBadge } from "../jobs/StateBadge.tsx";
import { CardPicture } from "./CardPicture.tsx";

const MINUTE_MS = 60_000;
interface Props {
  readonly job: Job;
  readonly onTag: (tag: string) => void;
}

/** A job on the wall: its picture, who hung it there, and how far it is. */
export function GalleryCard({ job, onTag }: Props) {
  const now = useNow(MINUTE_MS);
  const { tasks } = job;
  return (
    <li className="gallery-card">
      <Link to={`/results/${job.jobId}`} className="gallery-card-link">
        <CardPicture job={job} />
        <span className="gallery-name">{job.name}</span>
      </Link>
      {isEnded(job.state) ? null : <div className="gallery-progress" style={{ width: `${(100 * (tasks.done + tasks.failed)) / tasks.total}%` }} />}
      <p className="gallery-facts">
        <StateBadge state={job.state} />
        <span>{isEnded(job.state) ? formatQuantity(tasks.total, "task") : formatShare(tasks.done, tasks.total)}</span>
        <span>by {job.owner}</span>
        <time dateTime={new Date(job.createdAt).toISOString()}>{formatAgo(job.createdAt, Math.max(now, job.createdAt))}</time>
      </p>
      {job.tags.length === 0 ? null : (
        <p className="gallery-card-tags">{job.tags.map((tag) => <button key={tag} type="button" onClick={() => onTag(tag)}>#{tag}</button>)}</p>
      )}
    </li>
  );
}

/** The place of a card that is still being loaded. */
export function GalleryCardSkeleton() {
  return (
    <div className="gallery-card">
      <Skeleton className="card-picture" radius={0} />
      <Skeleton height={18} width="60%" m="0.75rem 1rem 0.5rem" />
      <Skeleton height={14} width="80%" m="0 1rem 1rem" />
    </div>
  );
}
