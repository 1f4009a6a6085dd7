import "./job-picture.css";
import { Skeleton } from "@mantine/core";
import type { CSSProperties } from "react";
import { Link } from "react-router";
import type { Job } from "../../protocol/http/job.ts";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { resultPage } from "../result/job-paths.ts";
import { useFreshPicture } from "../result/use-fresh-picture.ts";
import { growingPicturePath } from "./growing-picture.ts";

/** The picture as far as it is, leading to the whole result. Its place is kept from the start, so that nothing jumps. */
export function JobPicture({ job }: { readonly job: Job }) {
  if (job.pictureUrl === null) return null;
  if (job.tasks.done > 0) return <Grown job={job} />;
  return <p className="job-picture job-picture-none mh-soft" style={placeOf(job)}>The picture appears with the first result.</p>;
}

function Grown({ job }: { readonly job: Job }) {
  const { src, status, problem } = useFreshPicture(growingPicturePath(job));
  if (src !== null) {
    return (
      <Link className="job-picture" data-kind={job.view?.kind} style={placeOf(job)} to={resultPage(job.jobId)}>
        <img src={src} alt={`${job.name}, as far as it is computed`} />
      </Link>
    );
  }
  if (status === "loading") return <div className="job-picture" style={placeOf(job)}><Skeleton height="100%" role="status" aria-label="Loading the picture" /></div>;
  return <ErrorNotice title="The picture cannot be shown" error={new Error(problem ?? "The hub drew it, but this browser could not show it.")} />;
}

/** A chart's own shape is known only when it is there. */
function placeOf({ view }: Job): CSSProperties {
  return { aspectRatio: view?.kind === "image" ? `${view.width} / ${view.height}` : "16 / 10" };
}
