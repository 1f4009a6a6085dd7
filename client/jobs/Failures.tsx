import "./failures.css";
import type { FailureGroup } from "../../protocol/http/job.ts";
import { formatCount, formatQuantity } from "../format/quantity.ts";

/** Recorded failures, those with the same message together. */
export function Failures({ failures }: { readonly failures: readonly FailureGroup[] }) {
  if (failures.length === 0) return null;
  return (
    <section className="mh-panel job-failures" aria-labelledby="failures">
      <h2 id="failures">What failed</h2>
      {failures.map(({ message, stack, count, firstIndex }) => (
        <details key={message}>
          <summary>
            <span className="mh-mono">{message}</span>
            <span className="mh-soft">{count === 1 ? `task ${formatCount(firstIndex)}` : `${formatQuantity(count, "task")}, the first is task ${formatCount(firstIndex)}`}</span>
          </summary>
          <pre>{stack === "" ? "The task gave no stack." : stack}</pre>
        </details>
      ))}
    </section>
  );
}
