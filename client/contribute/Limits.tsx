import "./limits.css";
import { Radio, Slider, Stack, Text } from "@mantine/core";
import { useId, type ReactNode } from "react";
import type { ComputeServerState } from "../../worker/host/compute-server-state.ts";
import { CPU_SHARE_MIN } from "../settings/settings.ts";
import { useSettings } from "../settings/settings-store.ts";
import type { TabComputeServer } from "./tab-compute-server.ts";

/** `hardwareConcurrency` can lie either way: let the volunteer give a little more than it says. */
const SLOTS_BEYOND_CORES = 2;
const SHARE_STEP = 5;

/** What the volunteer allows. Each holds at once, also while tasks run. */
export function Limits({ tab, state }: { readonly tab: TabComputeServer; readonly state: ComputeServerState }) {
  const { keepComputingInBackground } = useSettings();
  const cores = navigator.hardwareConcurrency;
  const most = Math.max(cores + SLOTS_BEYOND_CORES, state.slots);
  const percent = Math.round(state.cpuShare * 100);
  return (
    <section className="mh-panel" aria-labelledby="limits">
      <h2 id="limits">What it may use</h2>
      <Stack gap="lg">
        <Limit label="Slots" value={`${state.slots} of ${cores} cores`} hint="How many tasks run at once.">
          {(labelId) => <Slider thumbProps={{ "aria-labelledby": labelId }} label={null} min={1} max={most} value={state.slots} onChange={(slots) => tab.setSlots(slots)} />}
        </Limit>
        <Limit label="CPU share" value={`${percent} %`} hint="Less keeps the machine quiet and cool: each Slot rests between short tasks.">
          {(labelId) => (
            <Slider
              thumbProps={{ "aria-labelledby": labelId }}
              label={null}
              min={CPU_SHARE_MIN * 100}
              max={100}
              step={SHARE_STEP}
              value={percent}
              onChange={(share) => tab.setCpuShare(share / 100)}
            />
          )}
        </Limit>
        <Radio.Group
          label="When this page is hidden"
          value={keepComputingInBackground ? "keep" : "pause"}
          onChange={(choice) => tab.setBackground(choice === "keep")}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="pause" label="Pause" description="Nothing runs while you are elsewhere." />
            <Radio value="keep" label="Keep computing in the background" description="Asks the browser not to freeze this tab." />
          </Stack>
        </Radio.Group>
      </Stack>
    </section>
  );
}

interface LimitProps {
  readonly label: string;
  readonly value: string;
  readonly hint: string;
  readonly children: (labelId: string) => ReactNode;
}

function Limit({ label, value, hint, children }: LimitProps) {
  const labelId = useId();
  return (
    <div>
      <div className="limit-head"><Text id={labelId} fw={600}>{label}</Text><Text>{value}</Text></div>
      {children(labelId)}
      <Text size="sm" c="dimmed" mt={6}>{hint}</Text>
    </div>
  );
}
