import { Button, Group, Loader, Text } from "@mantine/core";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import type { Job } from "../../protocol/http/job.ts";
import type { ViewKind } from "../../protocol/http/view.ts";
import { hub } from "../api/hub.ts";
import { formatCount, formatQuantity } from "../format/quantity.ts";
import { isEnded } from "../jobs/job-state.ts";
import { ErrorNotice } from "../layout/ErrorNotice.tsx";
import { Loading } from "../layout/Loading.tsx";
import { inferView } from "./infer-view.ts";
import { LoadedOutputs, MAX_LOADED_OUTPUTS, type LoadedState } from "./loaded-outputs.ts";
import { OutputsView } from "./OutputsView.tsx";
import { useResultEvents } from "./use-result-events.ts";

interface Props {
  readonly job: Job;
  /** Null: inferred from the outputs. */
  readonly kind: Exclude<ViewKind, "image" | "chart"> | null;
}

/** A job's outputs, loaded as they are looked at and growing while it runs. */
export function LoadedResults({ job, kind }: Props) {
  const { jobId, tasks: { total } } = job;
  const ended = isEnded(job.state);
  const [loaded] = useState(() => new LoadedOutputs((range) => hub.results(jobId, range), total));
  const state = useSyncExternalStore(loaded.subscribe, loaded.state);
  const loadMore = useCallback(() => {
    if (loaded.state().more === "yes" && loaded.state().status === "ready") void loaded.loadMore();
  }, [loaded]);
  useEffect(() => {
    // At its end too: whatever was said while this page did not listen.
    void loaded.announce([[0, total]]);
    if (loaded.state().upTo === 0) void loaded.loadMore();
  }, [loaded, total, ended]);
  useResultEvents(jobId, !ended, (ranges) => void loaded.announce(ranges));
  if (state.outputs.length === 0 && state.status === "loading") return <Loading what="the results" lines={6} />;
  const shown = kind ?? inferView(state.outputs, total);
  return (
    <>
      <OutputsView kind={shown} outputs={state.outputs} onNearEnd={loadMore} />
      <LoadedFoot state={state} done={job.tasks.done} onMore={() => void loaded.loadMore()} />
    </>
  );
}

interface FootProps {
  readonly state: LoadedState;
  readonly done: number;
  readonly onMore: () => void;
}

/** How much of it is loaded, and how to get the rest. */
function LoadedFoot({ state, done, onMore }: FootProps) {
  if (state.error !== null) {
    return <ErrorNotice title="Not all results could be loaded" error={new Error(state.error)}><Button size="xs" onClick={onMore}>Try again</Button></ErrorNotice>;
  }
  const { length } = state.outputs;
  if (length === 0 || (length === 1 && length >= done)) return null;
  const more = state.more === "yes" && length < done;
  return (
    <Group gap="sm" mt="xs" mih={30}>
      <Text size="sm" c="dimmed">
        {length >= done ? formatQuantity(length, "result") : `${formatCount(length)} of ${formatCount(done)} results are loaded.`}
        {state.more === "too-many" ? ` A page shows ${formatCount(MAX_LOADED_OUTPUTS)} at most: the downloads have them all.` : ""}
      </Text>
      {more && state.status === "ready" ? <Button size="compact-sm" variant="subtle" onClick={onMore}>Load more</Button> : null}
      {state.status === "loading" ? <Loader size="xs" aria-label="Loading results" /> : null}
    </Group>
  );
}
