import { Anchor, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { galleryQuery } from "../api/queries.ts";
import { CardPicture } from "../gallery/CardPicture.tsx";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { StateBadge } from "../jobs/StateBadge.tsx";

const PICTURES = 6;

/** The newest public jobs that have a picture. */
export function LatestPictures() {
  const { data, error } = useInfiniteQuery(galleryQuery());
  const jobs = data?.pages[0]?.items.filter(({ pictureUrl, tasks }) => pictureUrl !== null && tasks.done > 0).slice(0, PICTURES);
  return (
    <section className="home-latest" aria-labelledby="latest">
      <div className="home-latest-head">
        <h2 id="latest">Latest answers</h2>
        {jobs === undefined || jobs.length === 0 ? null : <Anchor component={Link} to="/gallery">The whole gallery</Anchor>}
      </div>
      {error === null ? null : <ErrorNotice title="The gallery cannot be shown" error={error} />}
      {jobs?.length === 0 ? <p className="mh-soft">No picture yet. <Anchor component={Link} to="/submit">Submit the Mandelbrot example</Anchor>, and it appears here while it is still being computed.</p> : null}
      <ul className="home-pictures">
        {jobs === undefined && error === null ? Array.from({ length: PICTURES }, (_, i) => <li key={i}><Skeleton height={210} /></li>) : null}
        {jobs?.map((job) => (
          <li key={job.jobId}>
            <Link to={`/results/${job.jobId}`}>
              <CardPicture job={job} />
              <span className="home-picture-name">{job.name}</span>
              <StateBadge state={job.state} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
