import { Button, Loader } from "@mantine/core";
import { IconHandStop, IconPlayerPlayFilled } from "@tabler/icons-react";
import type { ComputeServerState } from "../../worker/host/compute-server-state.ts";
import { formatQuantity } from "../format/quantity.ts";
import { SlotLights } from "./SlotLights.tsx";

interface Props {
  readonly state: ComputeServerState;
  /** Why there is no work for this tab, in the hub's words; null where it has some or nothing is known. */
  readonly idleReason: string | null;
  readonly onStart: () => void;
  readonly onStop: () => void;
}

/** The one control that matters. It stands in one place, whichever way it points. */
export function StartStop({ state, idleReason, onStart, onStop }: Props) {
  const stopped = state.phase === "stopped";
  return (
    <section className="mh-panel contribute-switch" data-phase={state.phase} aria-label="Start and stop">
      <SlotLights state={state} />
      <output className="contribute-phase">{phaseInWords(state)}</output>
      <p className="mh-soft contribute-notice">{state.notice ?? idleReason ?? whatNext(state)}</p>
      <Button
        size="xl"
        fullWidth
        variant={stopped ? "filled" : "default"}
        leftSection={stopped ? <IconPlayerPlayFilled size={20} /> : <IconHandStop size={20} />}
        rightSection={state.phase === "connecting" ? <Loader size="xs" color="gray" /> : null}
        onClick={stopped ? onStart : onStop}
      >
        {stopped ? "Start" : "Stop"}
      </Button>
    </section>
  );
}

function phaseInWords({ phase, running, slots }: ComputeServerState): string {
  switch (phase) {
    case "stopped": return "Not computing";
    case "connecting": return "Connecting to the hub";
    case "paused": return "Paused";
    case "refused": return "The hub refused this tab";
    case "registered": return running.length === 0 ? "Ready, no work right now" : `${running.length} of ${formatQuantity(slots, "Slot")} at work`;
  }
}

function whatNext({ phase, running }: ComputeServerState): string {
  switch (phase) {
    case "stopped": return "Nothing of this computer is used.";
    case "connecting": return "A moment.";
    case "paused": return "It goes on when this page is seen again.";
    case "refused": return "Load the page again, or try later.";
    case "registered": return running.length === 0
      ? "Work comes by itself as soon as someone submits a job."
      : "Look around: it goes on as long as this tab is open. Stopping takes less than a second.";
  }
}
