import { Skeleton } from "@mantine/core";
import { IconChartLine, IconFile, IconHash, IconList, IconPhoto, IconTable, IconTextSize, type Icon } from "@tabler/icons-react";
import { Link } from "react-router";
import type { Job } from "../../protocol/http/job.ts";
import type { ViewKind } from "../../protocol/http/view.ts";
import { formatAgo } from "../format/duration.ts";
import { formatQuantity, formatShare } from "../format/quantity.ts";
import { useNow } from "../format/use-now.ts";
import { growingPicturePath } from "../jobs/growing-picture.ts";
import { isEnded } from "../jobs/job-state.ts";
import { StateBadge } from "../jobs/StateBadge.tsx";

const MINUTE_MS = 60_000;
const FACES: Readonly<Record<ViewKind, { readonly icon: Icon; readonly word: string }>> = {
  image: { icon: IconPhoto, word: "Picture" },
  chart: { icon: IconChartLine, word: "Chart" },
  table: { icon: IconTable, word: "Table" },
  value: { icon: IconHash, word: "Value" },
  text: { icon: IconTextSize, word: "Text" },
  files: { icon: IconFile, word: "Files" },
};
const UNDECLARED_FACE = { icon: IconList, word: "Results" };

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
        <div className="gallery-picture" data-kind={job.view?.kind ?? "table"}><Picture job={job} /></div>
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

function Picture({ job }: { readonly job: Job }) {
  if (job.pictureUrl !== null && job.tasks.done > 0) return <img src={growingPicturePath(job)} alt="" loading="lazy" decoding="async" />;
  const { icon: KindIcon, word } = job.view === null ? UNDECLARED_FACE : FACES[job.view.kind];
  return <span className="gallery-face"><KindIcon size={34} stroke={1.3} aria-hidden="true" />{word}</span>;
}

/** The place of a card that is still being loaded. */
export function GalleryCardSkeleton() {
  return (
    <div className="gallery-card">
      <Skeleton className="gallery-picture" radius={0} />
      <Skeleton height={18} width="60%" m="0.75rem 1rem 0.5rem" />
      <Skeleton height={14} width="80%" m="0 1rem 1rem" />
    </div>
  );
}
