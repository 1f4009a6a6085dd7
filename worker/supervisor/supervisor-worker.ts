import * as Comlink from "comlink";
import type { SupervisorApi } from "./slot-control.ts";
import { SlotSupervisor } from "./slot-supervisor.ts";

// The worker of a supervisor. Whoever made it gives it its ports once and terminates it with its sandbox.

const api: SupervisorApi = {
  connect({ slot, heartbeat, control }) {
    Comlink.expose(new SlotSupervisor(slot, heartbeat), control);
  },
};
Comlink.expose(api);
