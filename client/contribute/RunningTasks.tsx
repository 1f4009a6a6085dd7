import { Button, Progress } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { Link } from "react-router";
import type { ComputeServerState, RunningTask } from "../../worker/host/compute-server-state.ts";
import { formatDuration } from "../format/duration.ts";
import { formatCount, formatQuantity } from "../format/quantity.ts";
import { useNow } from "../format/use-now.ts";
import type { TabComputeServer } from "./tab-compute-server.ts";

const CodeDrawer = lazy(() => import("../jobs/CodeDrawer.tsx"));
/** More slots than this are told as a number. */
const SHOWN = 32;

/** What runs in this tab now, for whom, since when, and its code. */
export function RunningTasks({ tab, state }: { readonly tab: TabComputeServer; readonly state: ComputeServerState }) {
  const [code, setCode] = useState<RunningTask | null>(null);
  const now = useNow(500);
  const hidden = state.running.length - SHOWN;
  return (
    <section className="mh-panel" aria-labelledby="running">
      <h2 id="running">Running now</h2>
      {state.running.length === 0 ? <p className="mh-soft contribute-nothing">{state.phase === "stopped" ? "Nothing. Press Start to lend a hand." : "Nothing at this moment."}</p> : null}
      <ul className="contribute-tasks">
        {state.running.slice(0, SHOWN).map((task) => <Task key={task.slot} task={task} now={now} onCode={() => setCode(task)} />)}
      </ul>
      {hidden > 0 ? <p className="mh-soft">And {formatQuantity(hidden, "more task")}.</p> : null}
      {state.queuedTasks > 0 ? <p className="mh-soft">{formatQuantity(state.queuedTasks, "task waits", "tasks wait")} here for a free Slot.</p> : null}
      {code === null ? null : (
        <Suspense fallback={null}>
          <CodeDrawer executableId={code.executableId} title={code.jobName} read={() => tab.executableSource(code.executableId)} wholeFile={null} onClose={() => setCode(null)} />
        </Suspense>
      )}
    </section>
  );
}

interface TaskProps {
  readonly task: RunningTask;
  readonly now: number;
  readonly onCode: () => void;
}

function Task({ task, now, onCode }: TaskProps) {
  return (
    <li>
      <span className="contribute-slot mh-soft">Slot {task.slot + 1}</span>
      <span className="contribute-job">
        <Link to={`/jobs/${task.jobId}`}>{task.jobName}</Link>
        <span className="mh-soft"> for {task.owner}</span>
      </span>
      <span className="mh-soft">task {formatCount(task.index)}, since {formatDuration(now - task.sinceMs)}</span>
      <Button variant="subtle" size="compact-sm" onClick={onCode}>Look at its code</Button>
      {task.fraction === null ? null : <Progress className="contribute-fraction" value={task.fraction * 100} size="xs" color="amber.5" aria-label={`Progress of task ${task.index}`} />}
    </li>
  );
}
