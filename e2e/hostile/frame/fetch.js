// The document itself fetches, opens and sends as little as the worker does.
import { byEvents, reached } from "../reached.js";

export default function hostile({ canary, hub }) {
  return reached({
    fetch: () => fetch(`http://${canary}/document/fetch`, { mode: "no-cors" }),
    hub: () => fetch(`http://${hub}/api/jobs`, { mode: "no-cors", credentials: "include" }),
    self: () => fetch("/sandbox/frame.html?secret", { mode: "no-cors" }),
    socket: () => byEvents(new WebSocket(`ws://${canary}/document/socket`), "open", "error"),
    events: () => byEvents(new EventSource(`http://${canary}/document/events`), "open", "error"),
    beacon: () => { navigator.sendBeacon(`http://${canary}/document/beacon`); throw new Error("judged by the canary"); }, // some browsers answer true and send nothing
    worker: () => byEvents(new Worker(`http://${canary}/document/worker.js`), "message", "error"),
    import: () => import(`http://${canary}/document/import.js`),
    transport: () => new WebTransport(`https://${canary}/document/transport`).ready,
    storage: () => localStorage.setItem("secret", "1"),
    database: () => byEvents(indexedDB.open("secret"), "success", "error"),
  });
}
