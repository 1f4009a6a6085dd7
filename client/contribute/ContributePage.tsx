import "./contribute.css";
import { useEffect, useRef } from "react";
import { useLocation, useNavigate } from "react-router";
import { useSession } from "../account/session.ts";
import { Page } from "../layout/Page.tsx";
import { useComputeServer } from "./ComputeServerProvider.tsx";
import { Given } from "./Given.tsx";
import { Limits } from "./Limits.tsx";
import { MayNotCompute } from "./MayNotCompute.tsx";
import { Missing } from "./Missing.tsx";
import { RunningTasks } from "./RunningTasks.tsx";
import { Standing } from "./Standing.tsx";
import { asksToStart } from "./start-now.ts";
import { StartStop } from "./StartStop.tsx";
import { useChecks } from "./use-checks.ts";
import { useIdleReason } from "./use-idle-reason.ts";
import { WhatAJobCanDo } from "./WhatAJobCanDo.tsx";

export default function ContributePage() {
  const [tab, state] = useComputeServer();
  const idleReason = useIdleReason(state);
  const checks = useChecks(state);
  const session = useSession();
  const may = session?.may.compute;
  useStartByHomePage(session === undefined, () => {
    if (may === true) void tab.start();
  });
  return (
    <Page title="Lend a hand" lead="This tab becomes a Compute Server: it runs tasks of other people's jobs, in a sandbox, until you stop it or close it.">
      <div className="contribute-main">
        {session !== undefined && may === false && (state.phase === "stopped" || state.signInNeeded)
          ? <MayNotCompute session={session} />
          : <StartStop state={state} idleReason={idleReason} onStart={() => void tab.start()} onStop={() => tab.stop()} />}
        <Limits tab={tab} state={state} />
      </div>
      <Standing session={session} />
      <Missing missing={state.missing} />
      <Given state={state} checks={checks} />
      <RunningTasks tab={tab} state={state} />
      <WhatAJobCanDo />
    </Page>
  );
}

/** The press that led here starts it, once, as soon as it is known whether it may: a later reload, or the way back, does not press again. */
function useStartByHomePage(undecided: boolean, start: () => void): void {
  const { state, pathname } = useLocation();
  const navigate = useNavigate();
  const done = useRef(false);
  useEffect(() => {
    if (undecided || done.current || !asksToStart(state)) return;
    done.current = true;
    start();
    void navigate(pathname, { replace: true, state: null });
  });
}
