import "./job-lines.css";
import "./job-log.css";
import type { LogLine } from "../api/live-job.ts";
import { formatCount } from "../format/quantity.ts";

/** What tasks logged while this page was open. Logs are not kept. */
export function JobLog({ lines }: { readonly lines: readonly LogLine[] }) {
  if (lines.length === 0) return null;
  return (
    <section className="mh-panel" aria-labelledby="log">
      <h2 id="log">Log</h2>
      <div className="job-lines job-log" role="region" aria-labelledby="log" tabIndex={0}>
        <ol>{lines.map(({ number, index, line }) => <li key={number}><span className="mh-soft">task {formatCount(index)}</span> <code dir="auto">{line}</code></li>)}</ol>
      </div>
      <p className="mh-soft job-log-note">The newest lines since this page was opened; they are not kept.</p>
    </section>
  );
}
