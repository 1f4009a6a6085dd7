import "./job-facts.css";
import { Button } from "@mantine/core";
import { IconCode } from "@tabler/icons-react";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { Link } from "react-router";
import type { Job } from "../../protocol/http/job.ts";
import { requirementsInWords } from "../../protocol/http/job-options.ts";
import { useSession } from "../account/session.ts";
import { hub } from "../api/hub.ts";
import { executablePath } from "../result/job-paths.ts";
import { formatDuration } from "../format/duration.ts";
import { formatCount } from "../format/quantity.ts";
import { visibilityInWords } from "../sharing/visibility-words.ts";

const CodeDrawer = lazy(() => import("./CodeDrawer.tsx"));
const time = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** What the job was submitted with. */
export function JobFacts({ job }: { readonly job: Job }) {
  const [reading, setReading] = useState(false);
  const session = useSession();
  return (
    <section className="mh-panel job-about" aria-labelledby="about">
      <h2 id="about">About this job</h2>
      <dl className="job-facts">
        <Fact name="Job id"><span className="mh-mono">{job.jobId}</span></Fact>
        <Fact name="Submitted">{time.format(job.createdAt)}</Fact>
        {job.endedAt === null ? null : <Fact name="Ended">{time.format(job.endedAt)}</Fact>}
        <Fact name="Attempts">{formatCount(job.options.maxAttempts)} a task at most</Fact>
        <Fact name="Time">{formatDuration(job.options.taskTimeoutMs)} a task at most</Fact>
        <Fact name="Priority">{job.options.priority}</Fact>
        {job.options.requires === null ? null : <Fact name="Requires">{requirementsInWords(job.options.requires)}</Fact>}
        {job.options.policy === null ? null : <Fact name="Policy">{job.options.policy}</Fact>}
        <Fact name="Shown">{session?.accounts === true ? visibilityInWords(job.visibility) : job.public ? "in the gallery" : "not in the gallery"}</Fact>
        <Fact name="Mail">{mailInWords(job)}</Fact>
        {job.tags.length === 0 ? null : (
          <Fact name="Tags">{job.tags.map((tag) => <Link key={tag} className="job-tag" to={`/gallery?tag=${encodeURIComponent(tag)}`}>{tag}</Link>)}</Fact>
        )}
      </dl>
      <Button variant="default" leftSection={<IconCode size={18} />} onClick={() => setReading(true)}>Look at its code</Button>
      {reading ? <Suspense fallback={null}><CodeDrawer executableId={job.executableId} title={job.name} read={() => hub.executableOf(job)} wholeFile={executablePath(job)} onClose={() => setReading(false)} /></Suspense> : null}
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return <div><dt>{name}</dt><dd>{children}</dd></div>;
}

function mailInWords({ notify, endedAt }: Job): string {
  switch (notify) {
    case null: return "none asked for";
    case "email": return endedAt === null ? "with the link, when it ends" : "with the link, at its end";
    case "email-not-set-up": return "asked for, but mail is not set up on this hub";
  }
}
