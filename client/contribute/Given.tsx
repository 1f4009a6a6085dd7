import type { ComputeServerState } from "../../worker/host/compute-server-state.ts";
import { formatDuration } from "../format/duration.ts";
import { formatCount } from "../format/quantity.ts";
import type { Checks } from "./use-checks.ts";
import { Sparkline } from "./Sparkline.tsx";

/** What this tab has given since it was opened. */
export function Given({ state, checks }: { readonly state: ComputeServerState; readonly checks: Checks | null }) {
  return (
    <section className="mh-panel contribute-given" aria-labelledby="given">
      <h2 id="given">Given so far</h2>
      <dl>
        <div><dt>tasks done</dt><dd className="mh-number">{formatCount(state.tasksDone)}</dd></div>
        <div><dt>time given</dt><dd className="mh-number">{state.timeGivenMs === 0 ? "0 s" : formatDuration(state.timeGivenMs)}</dd></div>
        {checks === null ? null : <div><dt>{checks.failed === 0 ? "answers confirmed" : `answers confirmed, ${formatCount(checks.failed)} found wrong`}</dt><dd className="mh-number">{formatCount(checks.passed)}</dd></div>}
        <div><dt>tasks failed</dt><dd className="mh-number">{formatCount(state.tasksFailed)}</dd></div>
      </dl>
      <Sparkline values={state.history} />
      {state.unacknowledged === 0 ? null : (
        <p className="mh-soft">Some results are on their way. They are kept here until the hub has them on disk.</p>
      )}
    </section>
  );
}
