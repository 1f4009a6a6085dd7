import "./failure-list.css";
import type { Job } from "../../protocol/http/job.ts";
import { formatQuantity } from "../format/quantity.ts";

/** Tasks that have no result, apart from those that have. */
export function FailureList({ job }: { readonly job: Pick<Job, "failures" | "tasks"> }) {
  if (job.tasks.failed === 0) return null;
  return (
    <section aria-labelledby="failures" className="mh-panel">
      <h2 id="failures">{formatQuantity(job.tasks.failed, "task")} failed</h2>
      <ul className="failure-list">
        {job.failures.map(({ message, stack, count, firstIndex }) => (
          <li key={message}>
            <p className="failure-message">{message}</p>
            <p className="mh-soft">{count === 1 ? `Task ${firstIndex}` : `${formatQuantity(count, "task")}, first task ${firstIndex}`}</p>
            {stack === "" ? null : <details><summary>Where it happened</summary><pre className="failure-stack" tabIndex={0}>{stack}</pre></details>}
          </li>
        ))}
      </ul>
    </section>
  );
}
