import "./job-lines.css";
import { Anchor } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import type { Job } from "../../protocol/http/job.ts";
import { resultLinesQuery } from "../api/queries.ts";
import { formatCount } from "../format/quantity.ts";
import { resultPage } from "../result/job-paths.ts";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";

const LINES = 8;

interface Props {
  readonly job: Job;
  /** The indexes that became readable last; null where nothing came since the page was opened. */
  readonly latest: readonly [from: number, to: number] | null;
}

/** A few results: the first ones, and those that came last. */
export function ResultLines({ job, latest }: Props) {
  const { total } = job.tasks;
  const end = latest?.[1] ?? total;
  // Tiles of a picture are no reading matter: the picture itself stands beside.
  if (job.view?.kind === "image") return null;
  return (
    <section className="mh-panel" aria-labelledby="results">
      <h2 id="results">Results</h2>
      <Lines title="First" job={job} from={0} to={Math.min(LINES, total)} />
      {total <= LINES ? null : <Lines title={latest === null ? "Last" : "Latest"} job={job} from={Math.max(LINES, end - LINES)} to={Math.max(LINES + 1, end)} />}
      <Anchor component={Link} to={resultPage(job.jobId)}>All results, and downloads</Anchor>
    </section>
  );
}

interface LinesProps {
  readonly title: string;
  readonly job: Job;
  readonly from: number;
  readonly to: number;
}

function Lines({ title, job, from, to }: LinesProps) {
  const { data: lines, error } = useQuery({ ...resultLinesQuery(job.jobId, from, to), placeholderData: keepPreviousData });
  return (
    <div className="job-lines">
      <h3>{title}</h3>
      {error === null ? null : <ErrorNotice title="Results cannot be shown" error={error} />}
      {lines?.length === 0 ? <p className="mh-soft">None yet.</p> : null}
      <ol>
        {lines?.map(({ index, text, failed }) => (
          <li key={index}><span className="mh-soft">{formatCount(index)}</span> <code data-failed={failed}>{text}</code></li>
        ))}
      </ol>
    </div>
  );
}
