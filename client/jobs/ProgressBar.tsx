import "./progress-bar.css";
import type { Job } from "../../protocol/http/job.ts";
import { formatShare } from "../format/quantity.ts";

/** Done and failed tasks as parts of all, running ones behind them. */
export function ProgressBar({ tasks, label }: { readonly tasks: Job["tasks"]; readonly label: string }) {
  const { total, done, failed, running } = tasks;
  return (
    <>
      <progress className="mh-visually-hidden" aria-label={label} max={total} value={done}>{formatShare(done, total)}</progress>
      <div className="progress-bar" aria-hidden="true">
        <span style={{ width: width(done, total), background: "var(--mh-done)" }} />
        <span style={{ width: width(failed, total), background: "var(--mh-failed)" }} />
        <span style={{ width: width(running, total), background: "var(--mh-running)" }} />
      </div>
    </>
  );
}

function width(part: number, total: number): string {
  return total === 0 ? "0" : `${(100 * part) / total}%`;
}
