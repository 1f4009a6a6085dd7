// The one fixed script of the sandboxed frame. It starts the slot from the script embedded here (a blob, the only
// form of worker that an opaque origin may start in every browser), hands it its port and answers heartbeats.

declare const SLOT_SCRIPT: string;

// Started before the page has sent anything: it boots while the frame's load is being told.
const slot = new Worker(URL.createObjectURL(new Blob([SLOT_SCRIPT], { type: "text/javascript" })));
slot.onerror = (event) => event.preventDefault(); // a job's uncaught errors are nobody's news: its tasks are judged by their outcomes

const receive = ({ source, ports: [slotPort, heartbeatPort] }: MessageEvent): void => {
  if (source !== parent || slotPort === undefined || heartbeatPort === undefined) return;
  removeEventListener("message", receive);
  slot.postMessage(null, [slotPort]);
  heartbeatPort.onmessage = ({ data }: MessageEvent<unknown>) => heartbeatPort.postMessage(data);
};
addEventListener("message", receive);
