import { Link } from "react-router";
import type { Job } from "../../protocol/http/job.ts";
import { growingPicturePath } from "./growing-picture.ts";

/** The picture as far as it is, leading to the whole result. */
export function JobPicture({ job }: { readonly job: Job }) {
  if (job.pictureUrl === null) return null;
  if (job.tasks.done === 0) return <section className="mh-panel" aria-label="Picture"><p className="job-picture-none mh-soft">The picture appears with the first result.</p></section>;
  return (
    <Link className="job-picture" to={`/results/${job.jobId}`}>
      <img src={growingPicturePath(job)} alt={`${job.name}, as far as it is computed`} />
    </Link>
  );
}
