import "./job.css";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import type { Job } from "../../protocol/http/job.ts";
import { isShut } from "../api/is-shut.ts";
import { jobQuery } from "../api/queries.ts";
import { useJobEvents } from "../api/use-job-events.ts";
import { formatAgo } from "../format/duration.ts";
import { useNow } from "../format/use-now.ts";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { Loading } from "../layout/Loading.tsx";
import { Page } from "../layout/Page.tsx";
import { SharingPanel } from "../sharing/SharingPanel.tsx";
import { Failures } from "./Failures.tsx";
import { isEnded } from "./job-state.ts";
import { JobAnswers } from "./JobAnswers.tsx";
import { JobActions } from "./JobActions.tsx";
import { JobFacts } from "./JobFacts.tsx";
import { JobKeeping } from "./JobKeeping.tsx";
import { JobLog } from "./JobLog.tsx";
import { JobNotFound } from "./JobNotFound.tsx";
import { JobPicture } from "./JobPicture.tsx";
import { JobProgress } from "./JobProgress.tsx";
import { ResultLines } from "./ResultLines.tsx";
import { StateBadge } from "./StateBadge.tsx";
import { TaskMap } from "./TaskMap.tsx";

export default function JobPage() {
  const { jobId = "" } = useParams();
  const { data: job, error } = useQuery(jobQuery(jobId));
  if (job !== undefined && !isShut(error)) return <JobView job={job} stale={error} />;
  if (isShut(error)) return <JobNotFound title="Job" />;
  if (error !== null) return <Page title="Job"><ErrorNotice title="The job cannot be shown" error={error} /></Page>;
  return <Loading what="the job" lines={6} />;
}

function JobView({ job, stale }: { readonly job: Job; readonly stale: Error | null }) {
  const live = useJobEvents(job.jobId, !isEnded(job.state));
  const now = useNow(1_000);
  return (
    <Page
      title={job.name}
      lead={<><StateBadge state={job.state} /> <span className="job-by">submitted by {job.owner}, {formatAgo(job.createdAt, now)}</span></>}
      aside={<JobActions job={job} />}
    >
      <output className="mh-visually-hidden">The job is {job.state}.</output>
      {stale === null ? null : <ErrorNotice title="What you see may be old" error={stale} />}
      {live.problem === null ? null : <ErrorNotice title="What you see may be old" error={new Error(live.problem)} />}
      <JobProgress job={job} now={now} />
      <Failures failures={job.failures} />
      <div className="job-columns">
        <div className="job-column">
          <JobPicture job={job} />
          <TaskMap job={job} />
          <ResultLines job={job} latest={live.latest} />
          <JobLog lines={live.log} />
        </div>
        <div className="job-column">
          <JobAnswers job={job} />
          <SharingPanel job={job} />
          <JobFacts job={job} />
          <JobKeeping job={job} />
        </div>
      </div>
    </Page>
  );
}
