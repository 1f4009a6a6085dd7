import "./jobs.css";
import { Anchor, Button, Group, NativeSelect } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useSearchParams } from "react-router";
import { jobStateSchema } from "../../protocol/http/job.ts";
import type { JobsFilter } from "../../sdk/hub-client.ts";
import { NeedsAccount } from "../account/NeedsAccount.tsx";
import { useSession } from "../account/session.ts";
import { jobsQuery } from "../api/queries.ts";
import { EmptyState } from "../layout/EmptyState.tsx";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { Loading } from "../layout/Loading.tsx";
import { Page } from "../layout/Page.tsx";
import { JobRow } from "./JobRow.tsx";
import { jobsFilter } from "./jobs-filter.ts";
import { SearchField } from "./SearchField.tsx";

const STATES = [{ value: "", label: "Any state" }, ...jobStateSchema.options.map((state) => ({ value: state, label: state }))];

/** The filter is the address, so a list can be linked, and the browser's way back works. */
export default function JobsPage() {
  return <NeedsAccount least="volunteer" title="Jobs"><Jobs /></NeedsAccount>;
}

function Jobs() {
  const account = useSession()?.account ?? null;
  const [params, setParams] = useSearchParams();
  const filter = jobsFilter(params);
  const { data, error, isPlaceholderData } = useQuery({ ...jobsQuery(filter), placeholderData: keepPreviousData });
  const change = (name: string, value: string | null) => {
    const next = new URLSearchParams(params);
    next.delete("cursor");
    if (value === null || value === "") next.delete(name);
    else next.set(name, value);
    setParams(next, { replace: name === "q" });
  };
  return (
    <Page title="Jobs" {...(account === null ? {} : { lead: account.role === "operator" ? "Everybody's on this hub." : "Those that you submitted." })} aside={<Button component={Link} to="/submit">Submit a job</Button>}>
      <Group gap="sm" component="search">
        <SearchField label="Search jobs" value={params.get("q") ?? ""} onChange={(q) => change("q", q)} />
        <NativeSelect aria-label="State" data={STATES} value={filter.state ?? ""} onChange={({ currentTarget }) => change("state", currentTarget.value)} />
      </Group>
      {error === null ? null : <ErrorNotice title="The jobs cannot be listed" error={error} />}
      {data === undefined && error === null ? <Loading what="the jobs" lines={6} /> : null}
      {data?.jobs.length === 0 && error === null ? <NoJobs filter={filter} /> : null}
      {data === undefined || data.jobs.length === 0 ? null : (
        <ul className="jobs-list" aria-busy={isPlaceholderData}>{data.jobs.map((job) => <JobRow key={job.jobId} job={job} />)}</ul>
      )}
      <Pages cursor={filter.cursor} nextCursor={data?.nextCursor ?? null} onCursor={(cursor) => change("cursor", cursor)} />
    </Page>
  );
}

function NoJobs({ filter }: { readonly filter: JobsFilter }) {
  if (filter.q !== undefined || filter.state !== undefined || filter.cursor !== undefined) {
    return <EmptyState title="No job is like that"><Anchor component={Link} to="/jobs">Show all jobs</Anchor></EmptyState>;
  }
  return (
    <EmptyState title="No job has been submitted yet">
      <Anchor component={Link} to="/submit">Submit the first one</Anchor>: an example takes two clicks.
    </EmptyState>
  );
}

interface PagesProps {
  readonly cursor: string | undefined;
  readonly nextCursor: string | null;
  readonly onCursor: (cursor: string | null) => void;
}

function Pages({ cursor, nextCursor, onCursor }: PagesProps) {
  if (cursor === undefined && nextCursor === null) return null;
  return (
    <Group justify="space-between">
      <Button variant="default" disabled={cursor === undefined} onClick={() => onCursor(null)}>Newest</Button>
      <Button variant="default" disabled={nextCursor === null} onClick={() => onCursor(nextCursor)}>Older</Button>
    </Group>
  );
}
