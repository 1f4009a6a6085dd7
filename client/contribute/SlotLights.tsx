import type { ComputeServerState } from "../../worker/host/compute-server-state.ts";

/** More slots than this are told by the words beside. */
const SHOWN = 48;

/** A tile for each Slot, lit while a task runs in it. The words below say the same. */
export function SlotLights({ state: { phase, running, slots } }: { readonly state: ComputeServerState }) {
  const working = new Set(running.map(({ slot }) => slot));
  return (
    <div className="contribute-slots" aria-hidden="true">
      {Array.from({ length: Math.min(slots, SHOWN) }, (_, slot) => <span key={slot} data-ready={phase === "registered"} data-working={working.has(slot)} />)}
    </div>
  );
}
