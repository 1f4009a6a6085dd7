import type { LogLine } from "../api/live-job.ts";
import { formatCount } from "../format/quantity.ts";

/** What tasks logged while this page was open. Logs are not kept. */
export function JobLog({ lines }: { readonly lines: readonly LogLine[] }) {
  if (lines.length === 0) return null;
  return (
    <section className="mh-panel" aria-labelledby="log">
      <h2 id="log">Log</h2>
      <div className="job-lines">
        <ol>{lines.map(({ number, index, line }) => <li key={number}><span className="mh-soft">{formatCount(index)}</span> <code>{line}</code></li>)}</ol>
      </div>
    </section>
  );
}
