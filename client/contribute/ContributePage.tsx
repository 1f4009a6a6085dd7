import "./contribute.css";
import { useEffect, useRef } from "react";
import { useLocation, useNavigate } from "react-router";
import { Page } from "../layout/Page.tsx";
import { useComputeServer } from "./ComputeServerProvider.tsx";
import { Given } from "./Given.tsx";
import { Limits } from "./Limits.tsx";
import { Missing } from "./Missing.tsx";
import { RunningTasks } from "./RunningTasks.tsx";
import { asksToStart } from "./start-now.ts";
import { StartStop } from "./StartStop.tsx";
import { useChecks } from "./use-checks.ts";
import { useIdleReason } from "./use-idle-reason.ts";
import { WhatAJobCanDo } from "./WhatAJobCanDo.tsx";

export default function ContributePage() {
  const [tab, state] = useComputeServer();
  const idleReason = useIdleReason(state);
  const checks = useChecks(state);
  useStartByHomePage(() => void tab.start());
  return (
    <Page title="Lend a hand" lead="This tab becomes a Compute Server: it runs tasks of other people's jobs, in a sandbox, until you stop it or close it.">
      <div className="contribute-main">
        <StartStop state={state} idleReason={idleReason} onStart={() => void tab.start()} onStop={() => tab.stop()} />
        <Limits tab={tab} state={state} />
      </div>
      <Missing missing={state.missing} />
      <Given state={state} checks={checks} />
      <RunningTasks state={state} />
      <WhatAJobCanDo />
    </Page>
  );
}

/** The press that led here starts it, once: a later reload, or the way back, does not press again. */
function useStartByHomePage(start: () => void): void {
  const { state, pathname } = useLocation();
  const navigate = useNavigate();
  const done = useRef(false);
  useEffect(() => {
    if (done.current || !asksToStart(state)) return;
    done.current = true;
    start();
    void navigate(pathname, { replace: true, state: null });
  });
}
