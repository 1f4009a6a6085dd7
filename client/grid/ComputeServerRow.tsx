import { Link } from "react-router";
import type { ComputeServerView } from "../../protocol/http/registry.ts";
import { formatAgo, formatDuration } from "../format/duration.ts";
import { formatCount } from "../format/quantity.ts";
import { LeaseLeft } from "./LeaseLeft.tsx";

interface Props {
  readonly server: ComputeServerView;
  readonly now: number;
  readonly longestMs: number | undefined;
  /** It is this tab. */
  readonly mine: boolean;
}

export function ComputeServerRow({ server, now, longestMs, mine }: Props) {
  const { statistics } = server;
  return (
    <tr data-mine={mine}>
      <th scope="row">
        {server.name === "" ? server.computeServerId : server.name}{mine ? <span className="grid-mine">this tab</span> : null}
        <span className="mh-soft grid-below">
          {server.engine}{server.connected ? "" : ", away"}
          {server.jobId === null ? null : <>, works for <Link to={`/jobs/${server.jobId}`}>a job</Link></>}
        </span>
        {server.waitingFor === null ? null : <span className="mh-soft grid-below">{server.waitingFor}</span>}
      </th>
      <td data-label="Lease left"><LeaseLeft leftMs={server.leaseLeftMs} longestMs={longestMs} /></td>
      <td data-label="Slots at work">{server.runningTasks > server.slots ? server.slots : server.runningTasks} of {formatCount(server.slots)}</td>
      <td data-label="Queued">{formatCount(server.queuedTasks)}</td>
      <td data-label="Done">{formatCount(statistics.tasksCompleted)}</td>
      <td data-label="Failed">{formatCount(statistics.tasksFailed)}</td>
      <td data-label="Checked">{checks(statistics)}</td>
      <td data-label="Time spent">{formatDuration(statistics.totalTimeMs)}</td>
      <td data-label="Last done">{statistics.lastCompletionAt === null ? "never" : formatAgo(statistics.lastCompletionAt, now)}</td>
      <td data-label="Speed">{statistics.speed.toFixed(2)}&nbsp;×</td>
    </tr>
  );
}

/** Answers of it that others were asked to confirm. */
function checks({ checksPassed, checksFailed }: ComputeServerView["statistics"]): string {
  if (checksPassed + checksFailed === 0) return "–";
  return checksFailed === 0 ? `${formatCount(checksPassed)} right` : `${formatCount(checksPassed)} right, ${formatCount(checksFailed)} wrong`;
}
