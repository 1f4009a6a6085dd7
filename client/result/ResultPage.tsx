import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import type { Job } from "../../protocol/http/job.ts";
import { isShut } from "../api/is-shut.ts";
import { jobQuery } from "../api/queries.ts";
import { Failures } from "../jobs/Failures.tsx";
import { JobNotFound } from "../jobs/JobNotFound.tsx";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { Loading } from "../layout/Loading.tsx";
import { Page } from "../layout/Page.tsx";
import { JobResult } from "./JobResult.tsx";
import { ResultHead } from "./ResultHead.tsx";

/** The permalink of a job's answer: it stays, and it grows while the job runs. */
export default function ResultPage() {
  const { jobId = "" } = useParams();
  const { data: job, error, refetch } = useQuery(jobQuery(jobId));
  if (job !== undefined && !isShut(error)) return <Result job={job} />;
  if (isShut(error)) return <JobNotFound title="Result" />;
  if (error !== null) {
    return (
      <Page title="Result">
        <ErrorNotice title="The result cannot be shown now" error={error}><Button onClick={() => void refetch()}>Try again</Button></ErrorNotice>
      </Page>
    );
  }
  return <Loading what="the result" lines={8} />;
}

function Result({ job }: { readonly job: Job }) {
  return (
    <Page title={job.name}>
      <ResultHead job={job} />
      <JobResult key={job.jobId} job={job} />
      <Failures failures={job.failures} />
    </Page>
  );
}
